#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <memory>

#include "commands/commands.hpp"
#include "commands/setup.hpp"
#include "commands/times.hpp"
#include "exit_code.hpp"
#include "gateway.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/state_inspector.hpp"
#include "platform_host.hpp"

namespace hermes::host {
namespace {

using boost::json::object;
using std::chrono::system_clock;

std::string_view name_of(StateSide side) {
    return side == StateSide::inbox ? "inbox" : "outbox";
}

// What a member wrote, with what would command the terminal made visible.
std::string for_terminal(std::string_view text) {
    std::string shown;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // U+0080 to U+009F, of which some terminals take one for ESC [.
        const bool c1 =
            byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f || c1) {
            shown += "\uFFFD";
            i += c1 ? 1 : 0;
        } else {
            shown += text[i];
        }
    }
    return shown;
}

object to_json(const StateCounts& counts) {
    object json;
    json["pending"] = counts.pending;
    json["in_flight"] = counts.in_flight;
    json["retrying"] = counts.retrying;
    json["dead"] = counts.dead;
    if (counts.oldest) {
        json["oldest"] = utc(*counts.oldest);
    } else {
        json["oldest"] = nullptr;
    }
    return json;
}

object to_json(const DeadLetter& letter) {
    object json;
    json["id"] = letter.id;
    json["side"] = name_of(letter.side);
    json["account"] = letter.account;
    json["chat"] = letter.chat.value;
    json["attempts"] = letter.attempts;
    json["created_at"] = utc(letter.created_at);
    json["code"] = letter.platform_code;
    json["reason"] = letter.reason;
    json["preview"] = letter.preview;
    json["content"] = letter.content;
    return json;
}

void print_counts(std::string_view side, const StateCounts& counts) {
    std::cout << "  " << side << (side == "inbox" ? ":  " : ": ") << counts.pending << " pending, "
              << counts.in_flight << " in flight, " << counts.retrying << " retrying, "
              << counts.dead << " dead";
    if (counts.oldest) {
        const auto age =
            std::chrono::duration_cast<std::chrono::seconds>(system_clock::now() - *counts.oldest);
        std::cout << ", oldest " << age.count() << " s";
    }
    std::cout << '\n';
}

// A platform's inspector with what it needs around it.
struct Inspected {
    std::string platform;
    std::unique_ptr<PlatformHost> host;
    std::unique_ptr<StateInspector> inspector;  // destroyed before the host
};

class StateCommand {
public:
    explicit StateCommand(const StateOptions& options)
        : options_(options), setup_(require_setup(options.source)), log_(make_quiet_log(setup_)) {
        if (!options.platform.empty()) {
            open(choose_platform(setup_, options.platform));
        } else {
            for (const auto& platform : setup_.platforms) {
                open(platform);
            }
        }
        if (inspected_.empty()) {
            throw UsageError("no enabled platform keeps state");
        }
    }

    int run() {
        switch (options_.action) {
            case StateAction::summary:
                return print_summaries();
            case StateAction::list_dead:
                return list_dead();
            case StateAction::show_dead:
                return show_dead();
            case StateAction::retry_dead:
                return change("will be tried again",
                              [this](auto& i) { return i.retry(options_.id); });
            case StateAction::retry_all_dead:
                return retry_all();
            case StateAction::drop_dead:
                return change("dropped", [this](auto& i) { return i.drop(options_.id); });
        }
        return exit_usage;
    }

private:
    void open(const ConfiguredPlatform& platform) {
        const auto* state = extension_of<InspectState>(platform.plugin->descriptor());
        if (state == nullptr) {
            return;
        }
        auto host = make_command_host(setup_, platform, *log_);
        const AdapterContext context{*host, platform.settings, AdapterMode::send_only};
        auto inspector = state->inspect(context);
        inspected_.push_back({platform.plugin->name(), std::move(host), std::move(inspector)});
    }

    int print_summaries() {
        boost::json::array list;
        for (auto& [platform, host, inspector] : inspected_) {
            const auto summary = inspector->summary();
            if (options_.format == OutputFormat::json) {
                object json;
                json["platform"] = platform;
                json["location"] = summary.location;
                json["inbox"] = to_json(summary.inbox);
                json["outbox"] = to_json(summary.outbox);
                list.push_back(std::move(json));
                continue;
            }
            std::cout << platform << ": " << summary.location << '\n';
            print_counts("inbox", summary.inbox);
            print_counts("outbox", summary.outbox);
        }
        if (options_.format == OutputFormat::json) {
            std::cout << boost::json::serialize(list) << '\n';
        }
        return exit_ok;
    }

    int list_dead() {
        boost::json::array list;
        std::size_t count = 0;
        for (auto& inspected : inspected_) {
            for (const auto& letter : inspected.inspector->dead_letters(options_.limit)) {
                ++count;
                if (options_.format == OutputFormat::json) {
                    list.push_back(to_json(letter));
                } else {
                    std::cout << letter.id << "  " << utc(letter.created_at) << "  "
                              << letter.account << "  " << letter.chat.value << "  "
                              << letter.attempts
                              << (letter.attempts == 1 ? " attempt" : " attempts") << "  "
                              << one_line(letter.reason) << "\n    " << for_terminal(letter.preview)
                              << '\n';
                }
            }
        }
        if (options_.format == OutputFormat::json) {
            std::cout << boost::json::serialize(list) << '\n';
        } else if (count == 0) {
            std::cout << "no dead letters\n";
        }
        return exit_ok;
    }

    int retry_all() {
        std::size_t count = 0;
        for (auto& inspected : inspected_) {
            count += inspected.inspector->retry_all(options_.filter);
        }
        std::cout << count << (count == 1 ? " dead letter" : " dead letters")
                  << " will be tried again\n";
        return exit_ok;
    }

    int show_dead() {
        for (auto& inspected : inspected_) {
            if (const auto letter = inspected.inspector->dead_letter(options_.id)) {
                print(*letter);
                return exit_ok;
            }
        }
        throw no_such_letter();
    }

    void print(const DeadLetter& letter) const {
        if (options_.format == OutputFormat::json) {
            std::cout << boost::json::serialize(to_json(letter)) << '\n';
            return;
        }
        std::cout << "id:       " << letter.id << "\nside:     " << name_of(letter.side)
                  << "\naccount:  " << letter.account << "\nchat:     " << letter.chat.value
                  << "\ncreated:  " << utc(letter.created_at) << "\nattempts: " << letter.attempts
                  << "\nreason:   " << one_line(letter.reason) << "\n\n"
                  << for_terminal(letter.content) << '\n';
    }

    template <typename Change>
    int change(const char* done, Change apply) {
        for (auto& inspected : inspected_) {
            if (apply(*inspected.inspector)) {
                std::cout << options_.id << ' ' << done << '\n';
                return exit_ok;
            }
        }
        throw no_such_letter();
    }

    std::runtime_error no_such_letter() const {
        return std::runtime_error("there is no dead letter " + options_.id +
                                  " (state dead list shows all)");
    }

    const StateOptions& options_;
    Setup setup_;
    std::unique_ptr<Log> log_{};
    std::vector<Inspected> inspected_{};  // gone before the plugins
};

}  // namespace

int show_state(const StateOptions& options) {
    return StateCommand(options).run();
}

}  // namespace hermes::host
