// While it lives, commits on the private PostgreSQL server are durable but do not end: they wait
// for a standby that does not exist.
#pragma once

#include <doctest/doctest.h>
#include <soci/soci.h>

#include <chrono>
#include <memory>
#include <string>

#include "support/eventually.hpp"
#include "support/postgres_server.hpp"

namespace hermes::test {

class MissingStandby {
public:
    MissingStandby() : admin_("postgresql", PostgresServer::instance().admin_url()) {
        admin_ << "checkpoint";  // so that the next one is short: commits hang before it ends
        set("'nobody'");
        wait_for_the_setting();
    }
    ~MissingStandby() { set("default"); }
    MissingStandby(const MissingStandby&) = delete;
    MissingStandby& operator=(const MissingStandby&) = delete;

    // Waits until so many sessions wait for the standby.
    bool wait_for_commits(int count) {
        const auto until = std::chrono::steady_clock::now() + patience;
        while (waiting() < count) {
            if (std::chrono::steady_clock::now() > until) {
                return false;
            }
            admin_ << "select pg_sleep(0.01)";
        }
        return true;
    }
    // Ends those sessions: who waits never learns that the commit is there.
    void end_their_sessions() {
        admin_ << "select count(pg_terminate_backend(pid)) from pg_stat_activity where wait_event ="
                  " 'SyncRep'";
    }

private:
    int waiting() {
        int count = 0;
        admin_ << "select count(*) from pg_stat_activity where wait_event = 'SyncRep'",
            soci::into(count);
        return count;
    }
    void set(const std::string& value) {
        admin_ << "alter system set synchronous_standby_names = " << value;
        admin_ << "select pg_reload_conf()";
    }
    // The server takes the setting over some time later: first its main process, then the one that
    // makes checkpoints, by whose word commits wait.
    void wait_for_the_setting() {
        const auto until = std::chrono::steady_clock::now() + patience;
        for (std::string value; value.empty() && std::chrono::steady_clock::now() < until;) {
            soci::session fresh("postgresql", PostgresServer::instance().admin_url());
            fresh << "show synchronous_standby_names", soci::into(value);
        }
        admin_ << "checkpoint";
    }

    soci::session admin_;
};

}  // namespace hermes::test
