// The reason to choose this adapter, put to the test: the real gateway under load from many chats,
// ended at random moments in every way that it can be, started again, and everything counted.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "support/e2e_world.hpp"
#include "support/eventually.hpp"
#include "support/wall_clock.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::milliseconds;

// Members of this many chats write at the same time. Their answers must stay below WeCom's 30 a
// minute for a member, or pacing would dominate the test's time.
constexpr int chats_per_app = 60;
constexpr const char* apps[] = {"hr", "it", "sales"};
// Longer than the minute in which the gateway's pacing lets the next reply to a member go.
constexpr std::chrono::seconds pacing_minute{65};

bool is_long() {
    return std::getenv("HERMES_LONG_TESTS") != nullptr;
}

int rounds() {
    return is_long() ? 200 : 20;
}

int messages_per_round() {  // and chat
    return is_long() ? 1 : 2;
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
    "agent: {kind: command, command: [sed, -n, "
    "'s/.*\"text\":\"\\([^\"]*\\)\".*/echo: \\1/p']}\n";
constexpr const char* quiet = "log: {level: warning}\n";

struct Chat {
    std::string app;
    std::string user;
    friend auto operator<=>(const Chat&, const Chat&) = default;
};

// Writes one message after the other in every chat, all chats side by side, while a round lasts.
class Load {
public:
    explicit Load(sim::WecomSimulator& wecom) : wecom_(wecom) {}

    void run_round(int round) {
        open_ = 0;
        for (const auto* app : apps) {
            for (int member = 0; member < chats_per_app; ++member) {
                ++open_;
                next({app, "member" + std::to_string(member)}, round, 0);
            }
        }
    }

    void wait() {
        std::unique_lock lock(mutex_);
        REQUIRE(done_.wait_for(lock, std::chrono::seconds{120}, [this] { return open_ == 0; }));
    }

    // What the gateway acknowledged, in the order in which each member wrote it.
    std::map<Chat, std::vector<std::string>> acknowledged;
    std::size_t total_acknowledged() const {
        std::size_t total = 0;
        for (const auto& [chat, texts] : acknowledged) {
            total += texts.size();
        }
        return total;
    }
    std::atomic<int> refused{0};

private:
    void next(const Chat& chat, int round, int number) {
        const auto text = std::to_string(round) + "." + std::to_string(number);
        wecom_.write_async(chat.app, chat.user, sim::text_message(text),
                           [this, chat, round, number, text](const sim::CallbackResult& result) {
                               written(chat, round, number, text, result.acknowledged);
                           });
    }

    void written(const Chat& chat, int round, int number, const std::string& text, bool ok) {
        if (ok) {
            const std::lock_guard lock(mutex_);
            acknowledged[chat].push_back(text);
        } else {
            ++refused;
        }
        if (number + 1 < messages_per_round()) {
            next(chat, round, number + 1);
            return;
        }
        const std::lock_guard lock(mutex_);
        if (--open_ == 0) {
            done_.notify_all();
        }
    }

    sim::WecomSimulator& wecom_;
    std::mutex mutex_;  // guards acknowledged and done_
    std::condition_variable done_;
    std::atomic<int> open_{0};
};

// What a chat's member saw, without repetitions, and how many of those there were.
struct Seen {
    std::vector<std::string> texts;
    int repeated = 0;
};

// The same apps under other names and in another order.
sim::World renamed(sim::World world) {
    for (auto& app : world.apps) {
        app.name = "renamed-" + app.name;
    }
    std::rotate(world.apps.begin(), world.apps.begin() + 1, world.apps.end());
    return world;
}

std::map<Chat, Seen> seen_by_members(const sim::WecomSimulator& wecom) {
    std::map<Chat, Seen> seen;
    std::set<std::pair<Chat, std::string>> known;
    const std::string prefix = "echo: ";
    for (const auto& delivered : wecom.deliveries()) {
        const Chat chat{delivered.app, delivered.user_id};
        CAPTURE(delivered.content);
        REQUIRE(delivered.content.starts_with(prefix));
        const auto text = delivered.content.substr(prefix.size());
        if (known.emplace(chat, text).second) {
            seen[chat].texts.push_back(text);
        } else {
            ++seen[chat].repeated;
        }
    }
    return seen;
}

// What was given to the agent in three runs, each of which was killed: the operator's to decide.
std::map<Chat, std::set<std::string>> set_aside(const GatewayFiles& files) {
    const auto listed =
        run_host({"state", "dead", "list", "--json", "--config", files.config().string()});
    REQUIRE(listed.exit_code == 0);
    std::map<Chat, std::set<std::string>> letters;
    const auto list = boost::json::parse(listed.out);
    for (const auto& value : list.as_array()) {
        const auto& letter = value.as_object();
        CHECK(letter.at("side").as_string() == "inbox");
        CHECK(letter.at("attempts").as_int64() == 3);
        const std::string chat(letter.at("chat").as_string());
        const Chat where{std::string(letter.at("account").as_string()),
                         chat.substr(chat.find(':') + 1)};
        letters[where].emplace(letter.at("content").as_string());
    }
    return letters;
}

// What was acknowledged and is neither answered nor set aside.
std::vector<std::pair<Chat, std::string>> missing(
    const std::map<Chat, std::vector<std::string>>& acknowledged, const std::map<Chat, Seen>& seen,
    const std::map<Chat, std::set<std::string>>& aside) {
    std::vector<std::pair<Chat, std::string>> texts_missing;
    for (const auto& [chat, texts] : acknowledged) {
        std::set<std::string> there;
        if (const auto answered = seen.find(chat); answered != seen.end()) {
            there.insert(answered->second.texts.begin(), answered->second.texts.end());
        }
        if (const auto letters = aside.find(chat); letters != aside.end()) {
            there.insert(letters->second.begin(), letters->second.end());
        }
        for (const auto& text : texts) {
            if (!there.contains(text)) {
                texts_missing.emplace_back(chat, text);
            }
        }
    }
    return texts_missing;
}

// `part` without what is not in `whole` is `whole`, in order.
bool holds_in_order(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
    auto next = whole.begin();
    for (const auto& text : part) {
        if (next != whole.end() && *next == text) {
            ++next;
        }
    }
    return next == whole.end();
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
        std::size_t aside_total = 0;
        // However long it takes: the long form writes more than WeCom's 30 a minute to a member,
        // and the gateway keeps to that. Nothing for longer than that minute: no more will come.
        bool complete = false;
        for (std::size_t sends = 0;;) {
            aside = set_aside(files);
            aside_total = 0;
            for (const auto& [chat, texts] : aside) {
                aside_total += texts.size();
            }
            // By name, not by number: what was stored and never acknowledged is answered as well.
            complete = missing(load.acknowledged, seen_by_members(wecom), aside).empty();
            const auto has_more = [&] { return wecom.calls(sim::Call::send_message) > sends; };
            if (complete || !wecom.wait_until(has_more, pacing_minute)) {
                break;
            }
            sends = wecom.calls(sim::Call::send_message);
        }
        CHECK(complete);
        CHECK(last.stop() == 0);
        if (!complete) {  // what is still in the store is late, what is nowhere is lost
            std::cout << run_host({"state", "--config", files.config().string()}).out;
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
