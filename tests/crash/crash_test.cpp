// The reason to choose this adapter, put to the test: the real gateway under load from many chats,
// ended at random moments in every way that it can be, started again, and everything counted.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <iostream>
#include <random>

#include "crash/crash_rig.hpp"
#include "support/wall_clock.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::milliseconds;

int rounds() {
    return is_long() ? 200 : 20;
}

// What befalls the gateway in a round.
enum class Fate {
    killed,      // kill -9, twice
    terminated,  // SIGTERM to it and to its agent's programs, as a service manager does
    other_time,  // killed, and its successor killed, while the wall clock is wrong
    renamed,     // killed, and its successor knows the apps by other names, in another order
};
constexpr Fate fates[] = {Fate::killed, Fate::terminated, Fate::other_time, Fate::renamed};
constexpr const char* names_of_fates[] = {"killed", "terminated", "killed at another time",
                                          "killed and renamed"};

// An agent with programs of its own, that says what `echo` says.
constexpr const char* echo_program =
    "agent: {kind: command, notice_after: 0, command: [sed, -n, "
    "'s/.*\"text\":\"\\([^\"]*\\)\".*/echo: \\1/p']}\n";
constexpr const char* quiet = "log: {level: warning}\n";

// The same apps under other names and in another order.
sim::World renamed(sim::World world) {
    for (auto& app : world.apps) {
        app.name = "renamed-" + app.name;
    }
    std::rotate(world.apps.begin(), world.apps.begin() + 1, world.apps.end());
    return world;
}

}  // namespace

TEST_SUITE("crash") {
    TEST_CASE(
        "ended at any moment and in every way, every acknowledged message is answered or set "
        "aside") {
        sim::SimulatorOptions options;
        options.callback_retry_pause = milliseconds{100};
        options.limits.per_minute = options.limits.per_hour = 1'000'000;
        sim::WecomSimulator wecom(three_apps_world(), options);
        wecom.start();
        GatewayFiles files(wecom.world(), wecom.api_base(), {}, quiet);
        for (const auto* app : apps) {
            wecom.set_callback_url(app, files.callback_url());
        }

        const auto seed = std::random_device{}();
        std::mt19937 random(seed);
        std::cout << "crash test: seed " << seed << std::endl;
        Load load(wecom);
        WallClock clock;
        std::map<Fate, int> ends;
        for (int round = 0; round < rounds(); ++round) {
            const auto fate =
                fates[std::uniform_int_distribution<std::size_t>(0, std::size(fates) - 1)(random)];
            files.write(wecom.world(), {},
                        std::string(quiet) + (fate == Fate::terminated ? echo_program : ""));
            auto gateway = std::make_unique<GatewayProcess>(files.config(), clock.variables());
            const auto before = wecom.send_calls().size();
            load.run_round(round);
            // A random moment, told by progress and not by a clock: after so many replies.
            const auto replies = std::uniform_int_distribution<std::size_t>(
                0, chats_per_app * std::size(apps) *
                       static_cast<std::size_t>(messages_per_round()))(random);
            wecom.wait_for_send_calls({}, before + replies, milliseconds{1500});
            if (fate == Fate::terminated) {
                gateway->signal_all(SIGTERM);
                CHECK(gateway->stop() == 0);
            } else {
                gateway->kill();
            }
            if (fate == Fate::other_time) {
                clock.set(round % 2 == 0 ? std::chrono::hours{31 * 24} : -std::chrono::hours{6});
            } else if (fate == Fate::renamed) {
                files.write(renamed(wecom.world()), {}, quiet);
            }
            // So that WeCom's tries meet a gateway again.
            gateway = std::make_unique<GatewayProcess>(files.config(), clock.variables());
            if (fate == Fate::other_time) {
                wecom.wait_for_send_calls({}, before + replies + 20, milliseconds{500});
                clock.set(std::chrono::seconds{0});
            }
            load.wait();
            gateway->kill();
            ends[fate] += 2;
        }
        files.write(wecom.world(), {}, quiet);

        GatewayProcess last(files.config());
        // What is set aside is known once the gateway has read its backlog: asked anew each time.
        std::map<Chat, std::set<std::string>> aside;
        // However long it takes: the long form writes more than WeCom's 30 a minute to a member,
        // and the gateway keeps to that. By name, not by number: what was stored and never
        // acknowledged is answered as well.
        const bool complete = wait_for_replies(wecom, [&] {
            aside = set_aside(files);
            return missing(load.acknowledged, seen_by_members(wecom), aside).empty();
        });
        std::size_t aside_total = 0;
        for (const auto& [chat, texts] : aside) {
            aside_total += texts.size();
        }
        CHECK(complete);
        CHECK(last.stop() == 0);
        if (!complete) {  // what is still in the store is late, what is nowhere is lost
            std::cout << files.state({}).out;
        }

        std::size_t unordered = 0;
        int repeated = 0;
        const auto seen = seen_by_members(wecom);
        const auto lost = missing(load.acknowledged, seen, aside);
        for (const auto& [chat, text] : lost) {
            std::cout << "lost: " << chat.app << ' ' << chat.user << ' ' << text << '\n';
        }
        for (const auto& [chat, texts] : load.acknowledged) {
            const auto found = seen.find(chat);
            const auto& got = found == seen.end() ? Seen{} : found->second;
            auto due = texts;
            if (const auto letters = aside.find(chat); letters != aside.end()) {
                std::erase_if(due,
                              [&](const auto& text) { return letters->second.contains(text); });
            }
            unordered += holds_in_order(got.texts, due) ? 0 : 1;
            repeated += got.repeated;
        }
        for (const auto& [fate, count] : ends) {
            std::cout << "crash test: " << count << " ends by fate `"
                      << names_of_fates[static_cast<std::size_t>(fate)] << "`\n";
        }
        std::cout << "crash test: " << 2 * rounds() << " ends, " << load.total_acknowledged()
                  << " messages acknowledged, " << load.refused << " not, " << lost.size()
                  << " lost, " << aside_total
                  << " set aside after three kills, chats out of order: " << unordered
                  << ", replies seen twice: " << repeated << std::endl;
        CHECK(load.total_acknowledged() > static_cast<std::size_t>(rounds()) * 100);
        CHECK(lost.empty());
        // Three kills in a row must have met the very message.
        CHECK(aside_total * 50 < load.total_acknowledged());
        CHECK(unordered == 0);
        // Each retry is the same request to the byte, so that WeCom shows it once; and a turn that
        // a kill cut short had stored no answer.
        CHECK(repeated == 0);
    }
}

}  // namespace hermes::test
