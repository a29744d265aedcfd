// The agent of kind `command`: one child process a turn.
//
// On its stdin, one JSON object:
//   {"platform", "account", "chat", "user", "user_name", "text", "kind",
//    "attachments": [{"kind", "media_id", "url", "path", "file_name", "mime_type", "size",
//                     "problem"}],  // why there is no path
//    "choice": {"question", "choice"},      // of kind choice
//    "details": {...}, "event_id", "sent_at" (seconds since 1970), "session_id", "attempt",
//    "redelivered", "history": [{"question", "answer"}]}
// Its stdout is the reply. Exit status 0 means that it is an answer; anything else is a failure.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <csignal>
#include <string_view>
#include <utility>

#include "agents/agent.hpp"
#include "base/child_process.hpp"
#include "base/utf8.hpp"

namespace hermes::host {
namespace {

using Outcome = AgentReply::Outcome;
using base::ChildOptions;
using base::ChildResult;

constexpr std::size_t reply_bytes_max = 4 * 1024 * 1024;

std::string_view kind_name(MessageKind kind) {
    switch (kind) {
        case MessageKind::text:
            return "text";
        case MessageKind::image:
            return "image";
        case MessageKind::voice:
            return "voice";
        case MessageKind::video:
            return "video";
        case MessageKind::file:
            return "file";
        case MessageKind::location:
            return "location";
        case MessageKind::link:
            return "link";
        case MessageKind::event:
            return "event";
        case MessageKind::choice:
            return "choice";
    }
    return "";
}

boost::json::array attachments_json(const MessageEvent& event) {
    boost::json::array list;
    for (const auto& attachment : event.attachments) {
        boost::json::object item;
        item["kind"] = kind_name(attachment.kind);
        item["media_id"] = attachment.handle;
        item["url"] = attachment.url;
        item["path"] = attachment.path;
        item["file_name"] = attachment.file_name;
        item["mime_type"] = attachment.mime_type;
        if (attachment.size) {
            item["size"] = *attachment.size;
        }
        const auto problem =
            event.details.find("attachments[" + std::to_string(list.size()) + "].problem");
        if (problem != event.details.end()) {
            item["problem"] = problem->second;
        }
        list.push_back(std::move(item));
    }
    return list;
}

std::string request_json(const AgentRequest& request) {
    const auto& event = request.event;
    boost::json::object json;
    json["platform"] = event.platform;
    json["account"] = event.account;
    json["chat"] = event.chat.value;
    json["user"] = event.user_id;
    json["user_name"] = event.user_name;
    json["text"] = event.text;
    json["kind"] = kind_name(event.kind);
    json["attachments"] = attachments_json(event);
    if (event.choice) {
        json["choice"] = {{"question", event.choice->question}, {"choice", event.choice->choice}};
    }
    boost::json::object details;
    for (const auto& [key, value] : event.details) {
        details[key] = value;
    }
    json["details"] = std::move(details);
    json["event_id"] = event.id.value;
    json["sent_at"] = std::chrono::system_clock::to_time_t(event.sent_at);
    json["session_id"] = request.session_id;
    json["attempt"] = event.attempt;
    json["redelivered"] = event.redelivered;
    boost::json::array history;
    for (const auto& [question, answer] : request.history) {
        history.push_back(boost::json::object{{"question", question}, {"answer", answer}});
    }
    json["history"] = std::move(history);
    return boost::json::serialize(json);
}

std::string without_last_newlines(std::string text) {
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    return text;
}

// As itself, or as a shell reports it.
bool asks_to_end(int signal) {
    return signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
}

constexpr int shell_signal_base = 128;

class ReplyReader {
public:
    ReplyReader(const AgentConfig& config, ChildResult child)
        : config_(config), child_(std::move(child)) {}

    AgentReply read() {
        using End = ChildResult::End;
        switch (child_.end) {
            case End::exited:
                return exited();
            case End::signalled:
                return failed(asks_to_end(child_.status) ? Outcome::interrupted : Outcome::failed,
                              "was killed by signal " + std::to_string(child_.status));
            case End::not_started:
                return not_run(Outcome::failed);
            case End::no_resources:
                return not_run(Outcome::no_resources);
            case End::timed_out:
                return failed(Outcome::timed_out,
                              "took longer than " + config_.setting("timeout") + " (" +
                                  std::to_string(config_.timeout.count()) + " s) and was killed");
            case End::too_much_said:
                return failed(Outcome::failed,
                              "wrote more than " + std::to_string(reply_bytes_max) + " bytes");
            case End::cancelled:
                break;
        }
        return {Outcome::cancelled, "", ""};
    }

private:
    AgentReply exited() {
        if (child_.status == 0) {
            return {Outcome::answered, without_last_newlines(base::to_valid_utf8(child_.output)),
                    ""};
        }
        return failed(
            asks_to_end(child_.status - shell_signal_base) ? Outcome::interrupted : Outcome::failed,
            "exited with status " + std::to_string(child_.status));
    }

    AgentReply failed(Outcome outcome, const std::string& what) const {
        return {outcome, "",
                config_.setting("command") + " " + what +
                    (child_.last_error_line.empty() ? "" : ": " + child_.last_error_line)};
    }

    AgentReply not_run(Outcome outcome) const {
        return {outcome, "", config_.setting("command") + " cannot be run: " + child_.problem};
    }

    const AgentConfig& config_;
    ChildResult child_;
};

class CommandAgent final : public Agent {
public:
    CommandAgent(AgentConfig config, const Environment& environment) : config_(std::move(config)) {
        options_.command = config_.command;
        options_.folder = config_.folder.string();
        options_.timeout = config_.timeout;
        options_.output_bytes_max = reply_bytes_max;
        options_.descriptors = config_.child_descriptors;
        for (const auto& [name, value] : environment) {
            options_.environment.push_back(name + "=" + value);
        }
    }

    AgentReply answer(const AgentRequest& request, std::stop_token stop) override {
        auto options = options_;
        options.input = request_json(request);
        return ReplyReader(config_, base::run_child(options, std::move(stop))).read();
    }

    std::string given(const AgentRequest& request) const override { return request_json(request); }

private:
    const AgentConfig config_;
    ChildOptions options_{};
};

}  // namespace

std::unique_ptr<Agent> make_command_agent(const AgentConfig& config, Environment environment) {
    return std::make_unique<CommandAgent>(config, environment);
}

}  // namespace hermes::host
