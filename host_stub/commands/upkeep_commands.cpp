// `state trace`, `state waiting`, `state backup`, `state forget`.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <iomanip>
#include <iostream>

#include "commands/offering.hpp"
#include "commands/say.hpp"
#include "commands/times.hpp"
#include "hermes/ext/upkeep.hpp"
#include "hermes/ext/waiting.hpp"
#include "output/count_of.hpp"

namespace hermes::host {
namespace {

constexpr const char* could_be_kept_up = "keeps state that could be looked after";

boost::json::object to_json(const MessageStory& story) {
    boost::json::array moments;
    for (const auto& moment : story.moments) {
        boost::json::object json;
        if (moment.at) {
            json["at"] = utc(*moment.at);
        } else {
            json["at"] = nullptr;
        }
        json["what"] = moment.sentence;
        moments.push_back(std::move(json));
    }
    return {{"event", story.event.value},
            {"account", story.account},
            {"chat", story.chat.value},
            {"moments", std::move(moments)}};
}

void print(const MessageStory& story, const Translator& words) {
    say(words,
        (story.event.value.empty() ? "a message that answers none" : "event " + story.event.value) +
            ", app " + story.account + ", chat " + story.chat.value);
    for (const auto& moment : story.moments) {
        std::cout << "  " << std::left << std::setw(22) << (moment.at ? utc(*moment.at) : "")
                  << one_line(words(moment.sentence)) << '\n';
    }
}

boost::json::object to_json(const WaitingMessage& message) {
    return {{"id", message.id},
            {"side", message.side == StateSide::inbox ? "inbox" : "outbox"},
            {"account", message.account},
            {"chat", message.chat.value},
            {"message_id", message.message_id},
            {"worked_on", message.is_worked_on},
            {"attempts", message.attempts},
            {"created_at", utc(message.created_at)},
            {"reason", message.reason},
            {"preview", message.preview}};
}

// Without what was written: who wants that asks for JSON.
void print(const WaitingMessage& message, const Translator& words) {
    const auto* what = message.side == StateSide::outbox ? "waits to be sent"
                       : message.is_worked_on            ? "the agent works on it"
                                                         : "waits for the agent";
    std::string state = what;
    if (message.attempts > 0) {
        state += ", attempts: " + std::to_string(message.attempts);
    }
    if (!message.reason.empty()) {
        state += ": " + one_line(message.reason);
    }
    say(words, message.id + ", app " + message.account + ", chat " + message.chat.value +
                   ", since " + utc(message.created_at) + ": " + words(state));
}

// Prints what `look(offered, context)` returns, of all platforms together, and returns how many.
template <typename Offered, typename Look>
std::size_t list_all(const Offering<Offered>& offering, OutputFormat format, Look look) {
    boost::json::array list;
    std::size_t count = 0;
    offering.for_each([&](const Offered& offered, const AdapterContext& context) {
        for (const auto& row : look(offered, context)) {
            ++count;
            if (format == OutputFormat::json) {
                list.push_back(to_json(row));
            } else {
                print(row, offering.words());
            }
        }
    });
    if (format == OutputFormat::json) {
        std::cout << boost::json::serialize(list) << '\n';
    }
    return count;
}

}  // namespace

int trace_messages(const TraceOptions& options) {
    const Offering<KeepUpState> offering(options.source, could_be_kept_up);
    const auto count = list_all(offering, options.format,
                                [&](const KeepUpState& upkeep, const AdapterContext& context) {
                                    return upkeep.stories(context, options.filter);
                                });
    if (count == 0 && options.format == OutputFormat::text) {
        throw std::runtime_error(
            "no such message is known: what was settled is forgotten after a "
            "day or so");
    }
    return exit_ok;
}

int list_waiting(const WaitingOptions& options) {
    const Offering<ListWaiting> offering(options.source, could_be_kept_up);
    const auto count = list_all(offering, options.format,
                                [&](const ListWaiting& list, const AdapterContext& context) {
                                    return list.waiting(context, options.limit);
                                });
    if (count == 0 && options.format == OutputFormat::text) {
        say(offering.words(), "nothing waits");
    }
    return exit_ok;
}

int back_up_state(const StateSource& source, const std::filesystem::path& file) {
    const Offering<KeepUpState> offering(source, could_be_kept_up);
    offering.for_each([&](const KeepUpState& upkeep, const AdapterContext& context) {
        say(offering.words(), upkeep.back_up(context, std::filesystem::absolute(file).string()));
    });
    return exit_ok;
}

int forget_person(const StateSource& source, const std::string& chat) {
    const Offering<KeepUpState> offering(source, could_be_kept_up);
    offering.for_each([&](const KeepUpState& upkeep, const AdapterContext& context) {
        const auto gone = upkeep.forget(context, chat);
        say(offering.words(), chat + ": removed " + count_of(gone.texts, "text") + ", " +
                                  count_of(gone.files, "file") + " and " +
                                  count_of(gone.remembered, "other thing"));
        if (gone.under_way > 0) {
            say(offering.words(),
                std::to_string(gone.under_way) +
                    " under way stay until they are finished: call it again then");
        }
    });
    return exit_ok;
}

}  // namespace hermes::host
