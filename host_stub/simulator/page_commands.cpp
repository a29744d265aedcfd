#include "simulator/page_commands.hpp"

#include <boost/json/parse.hpp>
#include <map>
#include <stdexcept>

#include "simulator/named_faults.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

// What was asked. The members that a command needs must be there, and be of their type.
class Command {
public:
    explicit Command(json::object object) : object_(std::move(object)) {}

    std::string text(std::string_view key) const {
        const auto* const value = object_.if_contains(key);
        if (value == nullptr || !value->is_string()) {
            throw std::runtime_error("the command needs a text `" + std::string(key) + "`");
        }
        return std::string(value->get_string());
    }

    std::int64_t number(std::string_view key, std::optional<std::int64_t> otherwise = {}) const {
        const auto* const value = object_.if_contains(key);
        if (value != nullptr && value->is_int64()) {
            return value->get_int64();
        }
        if (value != nullptr || !otherwise) {
            throw std::runtime_error("the command needs a number `" + std::string(key) + "`");
        }
        return *otherwise;
    }

    std::vector<std::string> words(std::string_view key) const {
        std::vector<std::string> words;
        const auto* const value = object_.if_contains(key);
        if (value != nullptr && value->is_array()) {
            for (const auto& word : value->get_array()) {
                words.emplace_back(word.is_string() ? word.get_string().c_str() : "");
            }
        }
        return words;
    }

private:
    json::object object_;
};

AgentConfig agent_of(const Command& command) {
    AgentConfig agent;
    const auto kind = command.text("kind");
    agent.kind = kind == "command"  ? AgentKind::command
                 : kind == "openai" ? AgentKind::openai
                                    : AgentKind::echo;
    if (agent.kind == AgentKind::command) {
        agent.command = command.words("command");
    }
    if (agent.kind == AgentKind::openai) {
        agent.base_url = command.text("base_url");
        agent.model = command.text("model");
        agent.api_key_env = command.text("api_key_env");
        agent.system_prompt = command.text("system_prompt");
    }
    agent.timeout = std::chrono::seconds(command.number("timeout_s", agent.timeout.count()));
    agent.notices.after =
        std::chrono::seconds(command.number("notice_after_s", agent.notices.after.count()));
    return agent;
}

// What an action may use.
struct Stage {
    Simulation& simulation;
    const PageCommands::MediaUrl& media_url;
};

void write(const Stage& stage, const Command& command, const MemberMessage& message) {
    stage.simulation.wecom().write_async(command.text("app"), command.text("user"), message,
                                         [](const CallbackResult&) {});
}

// A file that was uploaded before.
template <typename Make>
void write_media(const Stage& stage, const Command& command, Make make) {
    const auto media_id = command.text("media_id");
    const auto media = stage.simulation.wecom().media(media_id);
    if (!media) {
        throw std::runtime_error("the file is not there any more");
    }
    write(stage, command, make(media_id, *media));
}

void write_image(const Stage& stage, const Command& command) {
    write_media(stage, command, [&](const std::string& id, const Media&) {
        return image_message(id, stage.media_url(id));
    });
}

void write_voice(const Stage& stage, const Command& command) {
    write_media(stage, command,
                [](const std::string& id, const Media&) { return voice_message(id, "amr"); });
}

void write_video(const Stage& stage, const Command& command) {
    write_media(stage, command,
                [](const std::string& id, const Media&) { return video_message(id); });
}

void write_file(const Stage& stage, const Command& command) {
    write_media(stage, command, [](const std::string& id, const Media& media) {
        return file_message(id, media.file_name);
    });
}

void add_fault(const Stage& stage, const Command& command) {
    const auto* const named = find_named_fault(command.text("name"));
    if (named == nullptr) {
        throw std::runtime_error("there is no fault of that name");
    }
    auto fault = named->fault;
    if (const auto times = command.number("times", 0); times > 0) {
        fault.times = static_cast<int>(times);
    }
    stage.simulation.wecom().add_fault(fault);
}

void verify(const Stage& stage, const Command& command) {
    const auto result = stage.simulation.wecom().verify_url(command.text("app"));
    if (!result.verified) {
        throw std::runtime_error(result.problem);
    }
}

struct Action {
    bool takes_time = false;
    void (*run)(const Stage& stage, const Command& command);
};

const std::map<std::string, Action, std::less<>>& actions() {
    using S = const Stage;
    using C = Command;
    static const std::map<std::string, Action, std::less<>> all{
        {"write", {false, [](S& s, const C& c) { write(s, c, text_message(c.text("text"))); }}},
        {"image", {false, write_image}},
        {"voice", {false, write_voice}},
        {"video", {false, write_video}},
        {"file", {false, write_file}},
        {"link",
         {false,
          [](S& s, const C& c) {
              write(s, c, link_message(c.text("title"), c.text("description"), c.text("url")));
          }}},
        {"location",
         {false,
          [](S& s, const C& c) {
              write(s, c,
                    location_message(c.text("latitude"), c.text("longitude"), c.text("label")));
          }}},
        {"place",
         {false,
          [](S& s, const C& c) {
              write(s, c,
                    chosen_place(c.text("key"), c.text("latitude"), c.text("longitude"),
                                 c.text("label")));
          }}},
        {"scan",
         {false,
          [](S& s, const C& c) {
              write(s, c, scan_message(c.text("event"), c.text("key"), c.text("scanned")));
          }}},
        {"event",
         {false,
          [](S& s, const C& c) { write(s, c, event_message(c.text("event"), c.text("key"))); }}},
        {"press",
         {false,
          [](S& s, const C& c) {
              s.simulation.wecom().press_async(c.text("app"), c.text("user"), c.text("msgid"),
                                               c.text("label"), [](const CallbackResult&) {});
          }}},
        {"fault", {false, add_fault}},
        {"unfault",
         {false,
          [](S& s, const C& c) {
              s.simulation.wecom().remove_fault(static_cast<FaultId>(c.number("fault_id")));
          }}},
        {"clear_faults", {false, [](S& s, const C&) { s.simulation.wecom().clear_faults(); }}},
        {"revoke",
         {false,
          [](S& s, const C& c) { s.simulation.wecom().revoke_access_token(c.text("app")); }}},
        {"outage", {true, [](S& s, const C&) { s.simulation.wecom().begin_outage(); }}},
        {"up", {true, [](S& s, const C&) { s.simulation.wecom().end_outage(); }}},
        {"verify", {true, verify}},
        {"kill", {true, [](S& s, const C&) { s.simulation.kill_gateway(); }}},
        {"restart", {true, [](S& s, const C&) { s.simulation.restart_gateway(); }}},
        {"agent", {true, [](S& s, const C& c) { s.simulation.change_agent(agent_of(c)); }}},
    };
    return all;
}

json::object problem(std::string_view text) {
    return {{"type", "problem"}, {"text", text}};
}

json::object outcome(const Stage& stage, const Action& action, const Command& command) {
    try {
        action.run(stage, command);
        return {{"type", "done"}};
    } catch (const std::exception& error) {
        return problem(error.what());
    }
}

}  // namespace

void PageCommands::run(std::string_view text, Answer answer) {
    boost::system::error_code error;
    auto parsed = json::parse(text, error);
    if (error || !parsed.is_object()) {
        answer(problem("a command is a JSON object"));
        return;
    }
    auto& object = parsed.get_object();
    const auto* const name = object.if_contains("do");
    const auto found = name != nullptr && name->is_string()
                           ? actions().find(std::string_view(name->get_string()))
                           : actions().end();
    if (found == actions().end()) {
        answer(problem("there is no such command"));
        return;
    }
    const auto& action = found->second;
    Command command(std::move(object));
    if (!action.takes_time) {
        answer(outcome({simulation_, media_url_}, action, command));
        return;
    }
    slow_.post([this, &action, command = std::move(command), answer = std::move(answer)] {
        answer(outcome({simulation_, media_url_}, action, command));
    });
}

}  // namespace hermes::host::simulator
