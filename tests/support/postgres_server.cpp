#include "support/postgres_server.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <soci/soci.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/eventually.hpp"
#include "support/free_port.hpp"

namespace hermes::test {
namespace {

const std::string programs = "/usr/lib/postgresql/15/bin/";

// PostgreSQL refuses to run as root.
const passwd* other_user() {
    return ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
}

base::Process spawn(const std::vector<std::string>& words, const std::string& log) {
    const base::UniqueFd output(
        ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    base::ProcessOptions options;
    options.command = {"setpriv", "--pdeathsig=INT"};  // not left behind by a test that crashes
    if (other_user() != nullptr) {
        options.command.insert(options.command.end(),
                               {"--reuid=postgres", "--regid=postgres", "--clear-groups"});
    }
    options.command.insert(options.command.end(), words.begin(), words.end());
    options.output = base::Stream(output);
    options.errors = base::Stream::as_output;
    return base::Process::start(options).value();
}

}  // namespace

PostgresServer& PostgresServer::instance() {
    static PostgresServer server;
    return server;
}

std::unique_ptr<PostgresServer> PostgresServer::standby(const std::string& database) {
    std::unique_ptr<PostgresServer> server(new PostgresServer);
    soci::session("postgresql", server->admin_url()) << "create database " << database;
    server->stop();
    std::ofstream(server->directory_.path() / "data" / "standby.signal");
    server->start();
    return server;
}

PostgresServer::PostgresServer() : port_(free_port()) {
    if (!std::filesystem::exists(programs + "initdb") ||
        (::geteuid() == 0 && other_user() == nullptr)) {
        throw std::runtime_error(
            "PostgreSQL 15 is not installed: bash cmake/install-packages.sh test");
    }
    make_cluster();
    start();
}

PostgresServer::~PostgresServer() {
    stop();
}

void PostgresServer::make_cluster() {
    const auto root = directory_.path().string();
    std::ofstream(root + "/password") << "sesame\n";
    if (const auto* user = other_user()) {
        if (::chown(root.c_str(), user->pw_uid, user->pw_gid) != 0) {
            throw std::runtime_error("chown failed");
        }
    }
    // md5: SCRAM hashes 4 096 times on either side of each of the thousand connections of a suite.
    auto initdb = spawn({programs + "initdb", "-D", root + "/data", "-U", "hermes", "-E", "UTF8",
                         "--locale=C", "-A", "md5", "--no-sync", "--pwfile=" + root + "/password"},
                        root + "/log");
    if (initdb.wait() != base::Ending{}) {
        throw std::runtime_error("initdb failed, see " + root + "/log");
    }
}

void PostgresServer::start() {
    const auto root = directory_.path().string();
    server_ = spawn({programs + "postgres", "-D", root + "/data", "-k", root, "-h", "127.0.0.1",
                     "-p", std::to_string(port_), "-c", "fsync=off"},
                    root + "/log");
    const auto give_up = std::chrono::steady_clock::now() + patience;
    while (true) {
        try {
            soci::session("postgresql", admin_url());
            return;
        } catch (const std::exception&) {  // "the database system is starting up"
            if (std::chrono::steady_clock::now() > give_up) {
                stop();
                throw;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
}

void PostgresServer::stop() {
    server_.signal(SIGINT);  // fast shutdown: ends the sessions
    server_.wait();
}

std::string PostgresServer::url(const std::string& database) const {
    return "postgresql://hermes:sesame@127.0.0.1:" + std::to_string(port_) + '/' + database;
}

// SOCI 4.0.3 takes a URL without any `=` apart and spoils it.
std::string PostgresServer::admin_url() const {
    return url("postgres") + "?connect_timeout=3";
}

void PostgresServer::end_sessions() {
    soci::session sql("postgresql", admin_url());
    sql << "select count(pg_terminate_backend(pid)) from pg_stat_activity"
           " where pid <> pg_backend_pid() and backend_type = 'client backend'";
}

std::string PostgresServer::create_database() {
    const auto name = "test" + std::to_string(++databases_);
    soci::session sql("postgresql", admin_url());
    sql << "create database " << name;
    return url(name);
}

}  // namespace hermes::test
