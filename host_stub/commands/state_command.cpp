#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <memory>

#include "commands/command_host.hpp"
#include "commands/commands.hpp"
#include "commands/say.hpp"
#include "commands/times.hpp"
#include "gateway/gateway.hpp"
#include "gateway/platform_host.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/state_inspector.hpp"
#include "loader/setup.hpp"
#include "output/count_of.hpp"
#include "output/exit_code.hpp"

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

std::string told(const StateCounts& counts) {
    std::string oldest;
    if (counts.oldest) {
        const auto age =
            std::chrono::floor<std::chrono::seconds>(system_clock::now() - *counts.oldest);
        oldest = ", oldest " + std::to_string(age.count()) + " s";
    }
    return std::to_string(counts.pending) + " pending, " + std::to_string(counts.in_flight) +
           " in flight, " + std::to_string(counts.retrying) + " retrying, " +
           std::to_string(counts.dead) + " dead" + oldest;
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
            std::cout << "  ";
            say(setup_.words, "inbox:  " + told(summary.inbox));
            std::cout << "  ";
            say(setup_.words, "outbox: " + told(summary.outbox));
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
                              << setup_.words(count_of(letter.attempts, "attempt")) << "  "
                              << one_line(setup_.words(letter.reason)) << "\n    "
                              << for_terminal(letter.preview) << '\n';
                }
            }
        }
        if (options_.format == OutputFormat::json) {
            std::cout << boost::json::serialize(list) << '\n';
        } else if (count == 0) {
            say(setup_.words, "no dead letters");
        }
        return exit_ok;
    }

    int retry_all() {
        std::size_t count = 0;
        for (auto& inspected : inspected_) {
            count += inspected.inspector->retry_all(options_.filter);
        }
        say(setup_.words, count_of(count, "dead letter") + " will be tried again");
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
        const auto print_field = [this](const std::string& label, const std::string& value) {
            std::cout << setup_.words(label) << value << '\n';
        };
        print_field("id:       ", letter.id);
        print_field("side:     ", setup_.words(name_of(letter.side)));
        print_field("account:  ", letter.account);
        print_field("chat:     ", letter.chat.value);
        print_field("created:  ", utc(letter.created_at));
        print_field("attempts: ", std::to_string(letter.attempts));
        print_field("reason:   ", one_line(setup_.words(letter.reason)));
        std::cout << '\n' << for_terminal(letter.content) << '\n';
    }

    template <typename Change>
    int change(const char* done, Change apply) {
        for (auto& inspected : inspected_) {
            if (apply(*inspected.inspector)) {
                say(setup_.words, options_.id + ' ' + done);
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
