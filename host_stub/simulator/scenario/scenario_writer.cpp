#include "simulator/scenario/scenario_writer.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "base/utf8.hpp"
#include "simulator/page_server/saved_files.hpp"
#include "simulator/page_server/sha256.hpp"
#include "simulator/scenario/scenario_judge.hpp"
#include "simulator/wecom/world.hpp"

namespace hermes::host::simulator {

namespace {

using Kind = ScenarioStep::Kind;

constexpr std::chrono::seconds within_min{10};
// The same machine may be busier the next time.
constexpr int slower = 3;

struct Happening {
    base::WallTime at{};
    Kind kind = Kind::write;
    std::string lines{};
    bool is_of_chat = false;
};

std::string item(std::string_view key, std::string_view text) {
    return "  - " + std::string(key) + ": " + in_quotes(base::to_valid_utf8(text)) + "\n";
}

std::string more(std::string_view key, std::string_view text) {
    return text.empty()
               ? ""
               : "    " + std::string(key) + ": " + in_quotes(base::to_valid_utf8(text)) + "\n";
}

// "[click: approve]" or "[enter_agent]", as describe() has it.
std::string event_lines(std::string_view described) {
    described = described.substr(1, described.size() - 2);
    const auto colon = described.find(": ");
    const auto name = described.substr(0, colon);
    const auto key = colon == std::string_view::npos ? "" : described.substr(colon + 2);
    if (name == "card") {
        return item("press", key);
    }
    return item("event", name) + more("key", key);
}

// What one entry of a chat becomes, each in turn. Files are kept on the way.
class EntryWriter {
public:
    EntryWriter(const Remembered& remembered, SavedFiles& files)
        : remembered_(remembered), files_(files) {}

    std::string lines_of(const ChatEntry& entry) {
        if (is_card_of_chat(entry)) {
            cards_.push_back(entry.content);
        }
        if (entry.from == ChatEntry::From::member) {
            const auto lines = member_lines(entry);
            return lines.empty()
                       ? "  # not played: " + entry.type + "\n"
                       : lines +
                             (entry.state == EntryState::failed ? "    acknowledged: false\n" : "");
        }
        const bool is_seen =
            entry.state == EntryState::delivered || entry.state == EntryState::recalled;
        const auto since = std::exchange(last_answer_at_, entry.at);
        if (is_seen && entry.answers == 0 && !says_it_itself(entry, since)) {
            return "  # not expected, since nobody asked for it: " +
                   in_quotes(base::to_valid_utf8(words_of(entry.type, entry.content, {}))) + "\n";
        }
        return is_seen ? answer_lines(entry) : "";
    }

private:
    // Empty: a scenario has no word for it.
    std::string member_lines(const ChatEntry& entry) {
        const auto message = entry.message ? *entry.message : MemberMessage();
        if (entry.type == "text") {
            return item("write", entry.content);
        }
        if (entry.type == "event") {
            return event_lines(entry.content) + card_line(message.card) +
                   more("scanned", message.scanned) + more("latitude", message.latitude) +
                   more("longitude", message.longitude) + more("label", message.label);
        }
        if (entry.type == "location") {
            return item("location", message.label) + more("latitude", message.latitude) +
                   more("longitude", message.longitude);
        }
        if (entry.type == "link") {
            return item("link", message.url) + more("title", message.title) +
                   more("description", message.description);
        }
        const auto media = remembered_.media(entry.media_id);
        if (!media) {
            return "";
        }
        const auto path = files_.add(*media);
        const bool is_renamed = !path.ends_with("/" + media->file_name);
        return item(entry.type, path) + more("name", is_renamed ? media->file_name : "");
    }

    // Which card was pressed, unless it was the latest.
    std::string card_line(const CardPress& press) const {
        const auto pressed = std::ranges::find_if(cards_, [&](const std::string& card) {
            return !press.task_id.empty() &&
                   card.find('"' + press.task_id + '"') != std::string::npos;
        });
        const auto number = pressed - cards_.begin() + 1;
        return pressed == cards_.end() || number == std::ssize(cards_)
                   ? ""
                   : "    card: " + std::to_string(number) + "\n";
    }

    // Of what answers nothing: a gateway that is played again welcomes, and turns away, on its own.
    // What an operator has sent comes from no gateway's own accord, or to many at once.
    bool says_it_itself(const ChatEntry& entry, base::WallTime since) const {
        return std::ranges::any_of(remembered_.steps, [&](const WireStep& step) {
            return step.kind == StepKind::attempted && step.is_unprompted &&
                   step.app == entry.app && same_user_id(step.user_id, entry.user_id) &&
                   step.at >= since && step.at <= entry.at;
        });
    }

    std::string answer_lines(const ChatEntry& entry) const {
        if (media_bytes_max(entry.type) == 0) {
            return item("expect", words_of(entry.type, entry.content, {}));
        }
        const auto media = remembered_.media(entry.media_id);
        return item("expect_" + entry.type, entry.content) +
               (media ? more("sha256", sha256_of(media->bytes)) : "");
    }

    const Remembered& remembered_;
    SavedFiles& files_;
    std::vector<std::string> cards_{};  // that the chat has got by then
    base::WallTime last_answer_at_{};
};

// A scenario is played with one gateway: of several it has their end when the last of them ends,
// and their start when the first of them starts.
class ReadyGateways {
public:
    Happening take(const WireStep& step) {
        if (step.gateway == 0 || ready_.contains(0)) {
            ready_.clear();  // of a run with another number of them
        }
        const bool others_are_ready = !ready_.empty() && ready_ != std::set{step.gateway};
        if (step.kind == StepKind::gateway_started) {
            ready_.insert(step.gateway);
            return {step.at, Kind::restart_gateway,
                    others_are_ready ? "" : "  - gateway: restart\n"};
        }
        ready_.erase(step.gateway);
        return others_are_ready
                   ? Happening{step.at, Kind::restart_gateway,
                               "  # not played: the end of gateway " +
                                   std::to_string(step.gateway) + ", while others went on\n"}
                   : Happening{step.at, Kind::kill_gateway, "  - gateway: kill\n"};
    }

private:
    std::set<int> ready_{};
};

void add_steps(std::vector<Happening>& happenings, const std::vector<WireStep>& steps) {
    ReadyGateways gateways;
    for (const auto& step : steps) {
        if (step.kind == StepKind::outage_began) {
            happenings.push_back({step.at, Kind::begin_outage, "  - api: down\n"});
        } else if (step.kind == StepKind::outage_ended) {
            happenings.push_back({step.at, Kind::end_outage, "  - api: up\n"});
        } else if (step.kind == StepKind::gateway_ended || step.kind == StepKind::gateway_started) {
            happenings.push_back(gateways.take(step));
        }
    }
}

void add_faults(std::vector<Happening>& happenings, const std::vector<FaultChange>& faults) {
    for (const auto& [at, step] : faults) {
        auto lines =
            step.kind == Kind::clear_faults ? "  - faults: clear\n" : item("fault", step.text);
        lines += step.times ? "    times: " + std::to_string(*step.times) + "\n" : "";
        happenings.push_back({at, step.kind, std::move(lines)});
    }
}

std::vector<ChatEntry> chat_of(const Remembered& remembered, const std::string& app,
                               const std::string& user_id) {
    std::vector<ChatEntry> chat;
    std::copy_if(remembered.entries.begin(), remembered.entries.end(), std::back_inserter(chat),
                 [&](const ChatEntry& entry) {
                     return entry.app == app && same_user_id(entry.user_id, user_id);
                 });
    return chat;
}

// The longest that an answer took, with something to spare.
std::chrono::seconds within_of(const std::vector<ChatEntry>& chat) {
    auto within = within_min;
    for (const auto& answer : chat) {
        const auto asked = std::find_if(chat.begin(), chat.end(), [&](const ChatEntry& entry) {
            return answer.answers != 0 && entry.number == answer.answers;
        });
        if (asked != chat.end()) {
            within = std::max(
                within, slower * std::chrono::ceil<std::chrono::seconds>(answer.at - asked->at));
        }
    }
    return within;
}

// Before the chat began only what was the case then matters, not how it came to be.
class Tale {
public:
    void tell(const Happening& happening) {
        if (happening.is_of_chat) {
            begin();
            text_ += pending_ + happening.lines;
            pending_.clear();
        } else if (has_begun_ || !is_state(happening.kind)) {
            pending_ += happening.lines;
        } else if (happening.kind == Kind::begin_outage || happening.kind == Kind::end_outage) {
            api_is_up_ = happening.kind == Kind::end_outage;
        } else {
            gateway_runs_ = happening.kind == Kind::restart_gateway;
        }
    }
    const std::string& text() const { return text_; }

private:
    static bool is_state(Kind kind) {
        return kind != Kind::add_fault && kind != Kind::clear_faults;
    }
    void begin() {
        if (!has_begun_) {
            pending_ += api_is_up_ ? "" : "  - api: down\n";
            pending_ += gateway_runs_ ? "" : "  - gateway: kill\n";
            has_begun_ = true;
        }
    }

    std::string text_;
    std::string pending_;  // goes in if the chat goes on
    bool has_begun_ = false;
    bool api_is_up_ = true;
    bool gateway_runs_ = true;
};

}  // namespace

bool has_chat(const Remembered& remembered, const std::string& app, const std::string& user_id) {
    return !chat_of(remembered, app, user_id).empty();
}

SavedScenario save_scenario(const Remembered& remembered, const std::string& app,
                            const std::string& user_id) {
    SavedScenario saved{.name = safe_file_name(app + "-" + user_id)};
    SavedFiles files(saved.name);
    EntryWriter writer(remembered, files);
    const auto chat = chat_of(remembered, app, user_id);
    std::vector<Happening> happenings;
    happenings.reserve(chat.size());
    for (const auto& entry : chat) {
        happenings.push_back({entry.at, Kind::write, writer.lines_of(entry), true});
    }
    add_steps(happenings, remembered.steps);
    add_faults(happenings, remembered.faults);
    std::stable_sort(
        happenings.begin(), happenings.end(),
        [](const Happening& left, const Happening& right) { return left.at < right.at; });
    Tale tale;
    for (const auto& happening : happenings) {
        tale.tell(happening);
    }
    saved.yaml =
        "# Saved by the simulator: hermes-host-stub simulate --play FILE\napp: " + in_quotes(app) +
        "\nas: " + in_quotes(user_id) + "\nwithin: " + std::to_string(within_of(chat).count()) +
        "\nsteps:\n" + tale.text();
    saved.files = files.files();
    return saved;
}

ScenarioDownload download_of(const SavedScenario& scenario, base::WallTime now) {
    const auto yaml = scenario.name + ".yaml";
    if (scenario.files.empty()) {
        return {yaml, "application/yaml", scenario.yaml};
    }
    std::vector<ArchivedFile> all{{yaml, scenario.yaml}};
    all.insert(all.end(), scenario.files.begin(), scenario.files.end());
    return {scenario.name + ".tar", "application/x-tar",
            format_tar(all, base::to_unix_ms(now) / 1000)};
}

}  // namespace hermes::host::simulator
