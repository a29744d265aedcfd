// Three gateways on one PostgreSQL, behind a front, each with programs for its agent: one after the
// other is killed, stopped, frozen, cut off or silenced, or the database restarts; and everything
// is counted.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <sstream>

#include "crash/crash_rig.hpp"
#include "support/eventually.hpp"
#include "support/half_open_proxy.hpp"
#include "support/postgres_server.hpp"
#include "support/round_robin_front.hpp"

namespace hermes::test {
namespace {

namespace sim = host::simulator;
using namespace std::chrono_literals;

constexpr int gateway_count = 3;

int cluster_rounds() {
    return is_long() ? 200 : 15;
}

// What befalls one of them, or the database, in a round.
enum class Blow { killed, stopped, frozen, cut_off, silenced, database_restarted };
constexpr const char* names_of_blows[] = {"killed",  "stopped",  "frozen",
                                          "cut off", "silenced", "database restarted"};

// Of one that falls silent the others learn only after a time, hence fewer.
Blow blow_of(int round, std::mt19937& random) {
    if (round % 7 == 3) {
        return round % 2 == 1 ? Blow::frozen : Blow::silenced;
    }
    constexpr Blow others[] = {Blow::killed, Blow::killed, Blow::stopped, Blow::cut_off,
                               Blow::database_restarted};
    return others[std::uniform_int_distribution<std::size_t>(0, std::size(others) - 1)(random)];
}

// Says what `echo` says, and writes down when a turn begins and ends, and where.
void write_agent(const std::filesystem::path& path) {
    std::ofstream(path) << R"sh(#!/bin/sh
# agent.sh TURNS GATEWAY
read -r event
account=${event#*\"account\":\"} user=${event#*\"user\":\"} text=${event#*\"text\":\"}
chat=${account%%\"*}:${user%%\"*}
text=${text%%\"*}
echo "begin $2 $chat $text" >> "$1"
echo "end $2 $chat $text" >> "$1"
echo "echo: $text"
)sh";
}

class Gateways {
public:
    Gateways(const sim::WecomSimulator& wecom, PostgresServer& server)
        : state_(server.create_database()) {
        write_agent(agent_);
        for (int n = 0; n < gateway_count; ++n) {
            ways_.push_back(std::make_unique<HalfOpenProxy>(state_));
            files_.push_back(std::make_unique<GatewayFiles>(
                wecom.world(), wecom.api_base(), "state: \"" + ways_.back()->url() + "\"\n",
                "log: {level: warning}\nagent: {kind: command, notice_after: 0, command: [sh, " +
                    agent_.string() + ", " + turns_.string() + ", gateway" + std::to_string(n) +
                    "]}\n"));
            running_.emplace_back();
            start(n);
        }
    }

    void start(int n) {
        running_[at(n)] = std::make_unique<GatewayProcess>(files_[at(n)]->config());
    }
    GatewayProcess& operator[](int n) { return *running_[at(n)]; }
    void kill(int n) { running_[at(n)]->kill(); }
    HalfOpenProxy& way_to_database(int n) { return *ways_[at(n)]; }
    const GatewayFiles& files(int n) const { return *files_[at(n)]; }
    std::vector<std::uint16_t> ports() const {
        std::vector<std::uint16_t> ports;
        for (const auto& files : files_) {
            ports.push_back(files->port());
        }
        return ports;
    }
    std::string turns() const {
        std::ostringstream text;
        text << std::ifstream(turns_).rdbuf();
        return text.str();
    }
    // For whoever looks into a failure.
    void print_end_of_log(int n) const {
        const auto log = files(n).log();
        std::cout << "gateway" << n << ":\n"
                  << log.substr(log.size() - std::min<std::size_t>(log.size(), 8'000)) << '\n';
    }

private:
    static std::size_t at(int n) { return static_cast<std::size_t>(n); }

    TempDirectory directory_;
    std::filesystem::path agent_ = directory_.path() / "agent.sh";
    std::filesystem::path turns_ = directory_.path() / "turns";
    std::string state_;
    std::vector<std::unique_ptr<HalfOpenProxy>> ways_;  // of each gateway
    std::vector<std::unique_ptr<GatewayFiles>> files_;
    std::vector<std::unique_ptr<GatewayProcess>> running_;
};

struct Turns {
    std::size_t all = 0;
    // Began while a turn of the chat was under way at another gateway, to which nothing had
    // happened.
    std::size_t overlapping = 0;
};

// `victims`: by round. A text begins with its round.
Turns count_turns(const std::string& lines, const std::map<std::string, std::string>& victims) {
    Turns turns;
    std::map<std::string, std::string> open;  // the gateway at work, by chat
    std::istringstream in(lines);
    for (std::string what, gateway, chat, text; in >> what >> gateway >> chat >> text;) {
        if (what == "begin") {
            ++turns.all;
            const auto other = open.find(chat);
            const auto victim = victims.at(text.substr(0, text.find('.')));
            turns.overlapping +=
                other != open.end() && other->second != gateway && other->second != victim ? 1 : 0;
            open[chat] = gateway;
        } else if (open[chat] == gateway) {
            open.erase(chat);
        }
    }
    return turns;
}

}  // namespace

TEST_SUITE("crash") {
    TEST_CASE("of several gateways any may end in any way: nothing is lost, and order is kept") {
        auto& server = PostgresServer::instance();
        sim::SimulatorOptions options;
        options.callback_retry_pause = 100ms;
        options.limits.per_minute = options.limits.per_hour = 1'000'000;
        sim::WecomSimulator wecom(three_apps_world(), options);
        wecom.start();
        Gateways gateways(wecom, server);
        const RoundRobinFront front(gateways.ports());
        for (const auto* app : apps) {
            wecom.set_callback_url(
                app, "http://127.0.0.1:" + std::to_string(front.port()) + "/wecom/callback");
        }
        const auto seed = std::random_device{}();
        std::mt19937 random(seed);
        std::cout << "cluster test: seed " << seed << std::endl;
        Load load(wecom);
        std::map<Blow, int> ends;
        std::map<std::string, std::string> victims;
        int asked = 0;  // whose way to the database passes
        const auto is_complete = [&] {
            return missing(load.acknowledged, seen_by_members(wecom),
                           set_aside(gateways.files(asked)))
                .empty();
        };
        const auto all_come = [&] {
            const bool came = wait_for_replies(wecom, is_complete);
            CHECK(came);
            if (!came) {
                for (const auto& [chat, text] : missing(load.acknowledged, seen_by_members(wecom),
                                                        set_aside(gateways.files(asked)))) {
                    std::cout << "not come: " << chat.app << ' ' << chat.user << ' ' << text
                              << '\n';
                }
                std::cout << gateways.files(asked).state({"gateways"}).out
                          << gateways.files(asked).state({"waiting"}).out;
                for (int n = 0; n < gateway_count; ++n) {
                    gateways.print_end_of_log(n);
                }
            }
        };
        const auto stops = [&](int n) {
            const int status = gateways[n].stop();
            CHECK(status == 0);
            if (status != 0) {
                gateways.print_end_of_log(n);
            }
        };
        for (int round = 0; round < cluster_rounds(); ++round) {
            const auto blow = blow_of(round, random);
            const auto victim = std::uniform_int_distribution<int>(0, gateway_count - 1)(random);
            asked = (victim + 1) % gateway_count;
            const auto before = wecom.send_calls().size();
            load.run_round(round);
            const auto replies = std::uniform_int_distribution<std::size_t>(
                0, chats_per_app * std::size(apps))(random);
            wecom.wait_for_send_calls({}, before + replies, 1500ms);
            switch (blow) {
                case Blow::killed:
                    gateways.kill(victim);
                    gateways.start(victim);
                    break;
                case Blow::stopped:
                    stops(victim);
                    gateways.start(victim);
                    break;
                case Blow::frozen:
                    ::kill(gateways[victim].pid(), SIGSTOP);
                    load.wait();
                    // The others have its chats, and keep to 30 a minute for a member.
                    all_come();
                    ::kill(gateways[victim].pid(), SIGCONT);
                    break;
                case Blow::silenced:
                    gateways.way_to_database(victim).silence();
                    load.wait();
                    all_come();
                    gateways.way_to_database(victim).resume();
                    break;
                case Blow::cut_off:
                    server.end_sessions();
                    break;
                case Blow::database_restarted:
                    server.stop();
                    server.start();
                    break;
            }
            load.wait();
            ++ends[blow];
            victims[std::to_string(round)] = "gateway" + std::to_string(victim);
        }
        all_come();
        for (int n = 0; n < gateway_count; ++n) {
            stops(n);
        }

        const auto aside = set_aside(gateways.files(0));
        const auto seen = seen_by_members(wecom);
        const auto lost = missing(load.acknowledged, seen, aside);
        std::size_t unordered = 0, aside_total = 0;
        int repeated = 0;
        for (const auto& [chat, texts] : load.acknowledged) {
            auto due = texts;
            if (const auto letters = aside.find(chat); letters != aside.end()) {
                aside_total += letters->second.size();
                std::erase_if(due,
                              [&](const auto& text) { return letters->second.contains(text); });
            }
            const auto found = seen.find(chat);
            const auto& got = found == seen.end() ? Seen{} : found->second;
            if (!holds_in_order(got.texts, due)) {
                ++unordered;
                std::cout << "out of order: " << chat.app << ' ' << chat.user << ':';
                for (const auto& text : got.texts) {
                    std::cout << ' ' << text;
                }
                std::cout << '\n';
            }
            repeated += got.repeated;
        }
        const auto turns = count_turns(gateways.turns(), victims);
        for (const auto& [blow, count] : ends) {
            std::cout << "cluster test: " << count << " rounds `"
                      << names_of_blows[static_cast<std::size_t>(blow)] << "`\n";
        }
        std::cout << "cluster test: " << load.total_acknowledged() << " messages acknowledged, "
                  << load.refused << " not, " << lost.size() << " lost, " << aside_total
                  << " set aside, chats out of order: " << unordered
                  << ", replies seen twice: " << repeated << ", turns: " << turns.all
                  << ", begun while another gateway was at the chat: " << turns.overlapping
                  << std::endl;
        CHECK(load.total_acknowledged() > static_cast<std::size_t>(cluster_rounds()) * 100);
        CHECK(lost.empty());
        CHECK(unordered == 0);
        CHECK(repeated == 0);
        CHECK(turns.overlapping == 0);
        CHECK(aside_total * 50 < load.total_acknowledged());
    }
}

}  // namespace hermes::test
