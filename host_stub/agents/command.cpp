// The agent of kind `command`: one child process a turn.
//
// On its stdin, one JSON object:
//   {"platform", "account", "chat", "user", "user_name", "text", "kind",
//    "attachments": [{"kind", "media_id", "url", "path", "file_name", "mime_type", "size",
//                     "problem"}],  // why there is no path
//    "choice": {"question", "choice"},      // of kind choice
//    "details": {...}, "event_id", "sent_at" (seconds since 1970), "session_id", "attempt",
//    "redelivered", "history": [{"question", "answer"}]}
// Its stdout is the reply, or objects that tell it (json_output.hpp). Exit status 0 means that it
// is an answer; anything else is a failure.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <csignal>
#include <optional>
#include <string_view>
#include <utility>

#include "agents/agent.hpp"
#include "agents/json_output.hpp"
#include "base/ascii.hpp"
#include "base/child_process.hpp"
#include "base/utf8.hpp"

namespace hermes::host {
namespace {

using Outcome = AgentReply::Outcome;
using base::ChildOptions;
using base::ChildResult;

constexpr std::size_t reply_bytes_max = 4UL * 1024 * 1024;

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

// What has been said in objects.
class JsonOutput {
public:
    explicit JsonOutput(const AgentRequest& request) : request_(request) {}

    void read(std::string_view line) {
        raw_.append(line).append("\n");
        if (base::trim(line).empty()) {
            return;
        }
        auto said = parse_output_line(line);
        if (const auto* interim = std::get_if<InterimLine>(&said)) {
            interim_has_more_ = interim_has_more_ || interim->has_more;
            if (request_.say && !interim->text.empty()) {
                request_.say(interim->text);
            }
        } else if (auto* reply = std::get_if<ReplyLine>(&said)) {
            reply_ = std::move(reply->reply);
        } else if (bad_line_.empty()) {
            bad_line_ = std::get<BadLine>(said).why;
        }
    }

    std::string raw_{};
    // The last one counts.
    std::optional<AgentReply> reply_{};
    std::string bad_line_{};  // what is wrong with the first that is
    bool interim_has_more_ = false;

private:
    const AgentRequest& request_;
};

class ReplyReader {
public:
    // `json`: null where stdout is the answer itself.
    ReplyReader(const AgentConfig& config, ChildResult child, JsonOutput* json)
        : config_(config), child_(std::move(child)), json_(json) {}

    AgentReply read() {
        auto talk = talked();
        auto reply = understood();
        reply.talk = std::move(talk);
        return reply;
    }

private:
    AgentTalk talked() const {
        AgentTalk talk{
            .output = base::to_valid_utf8(json_ == nullptr ? child_.output : json_->raw_),
            .errors = base::to_valid_utf8(child_.errors)};
        if (child_.end == ChildResult::End::exited) {
            talk.ending = "exit status " + std::to_string(child_.status);
        } else if (child_.end == ChildResult::End::signalled) {
            talk.ending = "signal " + std::to_string(child_.status);
        }
        return talk;
    }

    AgentReply understood() {
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

    AgentReply exited() {
        if (child_.status == 0 && json_ != nullptr) {
            return said_in_objects();
        }
        if (child_.status == 0) {
            return {Outcome::answered, without_last_newlines(base::to_valid_utf8(child_.output)),
                    ""};
        }
        return failed(
            asks_to_end(child_.status - shell_signal_base) ? Outcome::interrupted : Outcome::failed,
            "exited with status " + std::to_string(child_.status));
    }

    AgentReply said_in_objects() {
        const auto bad = json_->bad_line_.empty() ? "" : "wrote a line that " + json_->bad_line_;
        if (!json_->reply_ && !bad.empty()) {
            return failed(Outcome::failed, bad);
        }
        auto reply = json_->reply_ ? std::move(*json_->reply_) : AgentReply();
        reply.text = without_last_newlines(std::move(reply.text));
        if (!bad.empty()) {
            reply.warnings.push_back(config_.setting("command") + " " + bad);
        }
        if (json_->interim_has_more_) {
            reply.warnings.push_back(
                config_.setting("command") +
                " wrote an interim with attachments or choices: only a reply has them");
        }
        return reply;
    }

    AgentReply failed(Outcome outcome, const std::string& what) const {
        const auto reason = base::to_valid_utf8(child_.last_error_line);
        return {outcome, "",
                config_.setting("command") + " " + what + (reason.empty() ? "" : ": " + reason)};
    }

    AgentReply not_run(Outcome outcome) const {
        return {outcome, "", config_.setting("command") + " cannot be run: " + child_.problem};
    }

    const AgentConfig& config_;
    ChildResult child_;
    JsonOutput* json_;
};

class CommandAgent final : public Agent {
public:
    CommandAgent(AgentConfig config, const Environment& environment) : config_(std::move(config)) {
        options_.command = config_.command;
        options_.folder = config_.folder.string();
        options_.timeout = config_.timeout;
        options_.output_bytes_max = reply_bytes_max;
        options_.descriptors = config_.child_descriptors;
        options_.environment = variable_lines(environment);
    }

    AgentReply answer(const AgentRequest& request, std::stop_token stop) override {
        auto options = options_;
        options.input = given(request);
        if (!request.files_folder.empty()) {
            options.environment.push_back("HERMES_FILES=" + request.files_folder);
        }
        JsonOutput json(request);
        const bool is_json = config_.output == AgentOutput::json;
        if (is_json) {
            options.on_line = [&json](std::string_view line) {
                json.read(base::to_valid_utf8(line));
            };
        }
        auto child = base::run_child(options, stop);
        return ReplyReader(config_, std::move(child), is_json ? &json : nullptr).read();
    }

    std::string given(const AgentRequest& request) const override {
        return request.input.empty() ? request_json(request) : request.input;
    }

private:
    const AgentConfig config_;
    ChildOptions options_{};
};

}  // namespace

std::unique_ptr<Agent> make_command_agent(const AgentConfig& config,
                                          const Environment& environment) {
    return std::make_unique<CommandAgent>(config, environment);
}

}  // namespace hermes::host
