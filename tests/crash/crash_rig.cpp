#include "crash/crash_rig.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cstdlib>

namespace hermes::test {

namespace sim = host::simulator;

bool is_long() {
    return std::getenv("HERMES_LONG_TESTS") != nullptr;
}

int messages_per_round() {
    return is_long() ? 1 : 2;
}

void Load::run_round(int round) {
    open_ = 0;
    for (const auto* app : apps) {
        for (int member = 0; member < chats_per_app; ++member) {
            ++open_;
            next({app, "member" + std::to_string(member)}, round, 0);
        }
    }
}

void Load::wait() {
    std::unique_lock lock(mutex_);
    REQUIRE(done_.wait_for(lock, std::chrono::seconds{120}, [this] { return open_ == 0; }));
}

std::size_t Load::total_acknowledged() const {
    std::size_t total = 0;
    for (const auto& [chat, texts] : acknowledged) {
        total += texts.size();
    }
    return total;
}
void Load::next(const Chat& chat, int round, int number) {
    const auto text = std::to_string(round) + "." + std::to_string(number);
    wecom_.write_async(chat.app, chat.user, sim::text_message(text),
                       [this, chat, round, number, text](const sim::CallbackResult& result) {
                           written(chat, round, number, text, result.acknowledged);
                       });
}

void Load::written(const Chat& chat, int round, int number, const std::string& text, bool ok) {
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

bool wait_for_replies(const sim::WecomSimulator& wecom, const std::function<bool()>& is_complete) {
    constexpr std::chrono::milliseconds moment{500};
    const auto sent = [&] { return wecom.calls(sim::Call::send_message); };
    auto last = std::chrono::steady_clock::now();
    while (true) {
        const auto before = sent();
        if (wecom.wait_until([&] { return sent() > before; }, moment)) {
            last = std::chrono::steady_clock::now();
        } else if (is_complete()) {
            return true;
        } else if (std::chrono::steady_clock::now() - last > pacing_minute) {
            return false;
        }
    }
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
    const auto listed = files.state({"dead", "list", "--json"});
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

}  // namespace hermes::test
