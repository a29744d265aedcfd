// `state trace`, `state waiting`, `state backup`, `state forget`.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <iomanip>
#include <iostream>

#include "commands/offering.hpp"
#include "commands/times.hpp"
#include "hermes/ext/upkeep.hpp"
#include "hermes/ext/waiting.hpp"

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

void print(const MessageStory& story) {
    std::cout << (story.event.value.empty() ? "a message that answers none"
                                            : "event " + story.event.value)
              << ", app " << story.account << ", chat " << story.chat.value << '\n';
    for (const auto& moment : story.moments) {
        std::cout << "  " << std::left << std::setw(22) << (moment.at ? utc(*moment.at) : "")
                  << one_line(moment.sentence) << '\n';
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
void print(const WaitingMessage& message) {
    const auto* what = message.side == StateSide::outbox ? "waits to be sent"
                       : message.is_worked_on            ? "the agent works on it"
                                                         : "waits for the agent";
    std::cout << message.id << ", app " << message.account << ", chat " << message.chat.value
              << ", since " << utc(message.created_at) << ": " << what;
    if (message.attempts > 0) {
        std::cout << ", attempts: " << message.attempts;
    }
    std::cout << (message.reason.empty() ? "" : ": " + one_line(message.reason)) << '\n';
}

// What `look(offered, context)` returns, of all platforms together.
template <typename Offered, typename Row, typename Look>
std::vector<Row> gather(const StateSource& source, Look look) {
    std::vector<Row> rows;
    for_each_offering<Offered>(source, could_be_kept_up,
                               [&](const Offered& offered, const AdapterContext& context) {
                                   for (auto& row : look(offered, context)) {
                                       rows.push_back(std::move(row));
                                   }
                               });
    return rows;
}

template <typename Row>
void print_all(const std::vector<Row>& rows, OutputFormat format) {
    boost::json::array list;
    for (const auto& row : rows) {
        if (format == OutputFormat::json) {
            list.push_back(to_json(row));
        } else {
            print(row);
        }
    }
    if (format == OutputFormat::json) {
        std::cout << boost::json::serialize(list) << '\n';
    }
}

std::string count_of(std::size_t count, const std::string& noun) {
    return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

}  // namespace

int trace_messages(const TraceOptions& options) {
    const auto stories = gather<KeepUpState, MessageStory>(
        options.source, [&](const KeepUpState& upkeep, const AdapterContext& context) {
            return upkeep.stories(context, options.filter);
        });
    print_all(stories, options.format);
    if (stories.empty() && options.format == OutputFormat::text) {
        throw std::runtime_error(
            "no such message is known: what was settled is forgotten after a "
            "day or so");
    }
    return exit_ok;
}

int list_waiting(const WaitingOptions& options) {
    const auto waiting = gather<ListWaiting, WaitingMessage>(
        options.source, [&](const ListWaiting& list, const AdapterContext& context) {
            return list.waiting(context, options.limit);
        });
    print_all(waiting, options.format);
    if (waiting.empty() && options.format == OutputFormat::text) {
        std::cout << "nothing waits\n";
    }
    return exit_ok;
}

int back_up_state(const StateSource& source, const std::filesystem::path& file) {
    for_each_offering<KeepUpState>(
        source, could_be_kept_up, [&](const KeepUpState& upkeep, const AdapterContext& context) {
            std::cout << upkeep.back_up(context, std::filesystem::absolute(file).string()) << '\n';
        });
    return exit_ok;
}

int forget_person(const StateSource& source, const std::string& chat) {
    for_each_offering<KeepUpState>(
        source, could_be_kept_up, [&](const KeepUpState& upkeep, const AdapterContext& context) {
            const auto gone = upkeep.forget(context, chat);
            std::cout << chat << ": removed " << count_of(gone.texts, "text") << ", "
                      << count_of(gone.files, "file") << " and "
                      << count_of(gone.remembered, "other thing") << '\n';
            if (gone.under_way > 0) {
                std::cout << gone.under_way
                          << " under way stay until they are finished: call it again "
                             "then\n";
            }
        });
    return exit_ok;
}

}  // namespace hermes::host
