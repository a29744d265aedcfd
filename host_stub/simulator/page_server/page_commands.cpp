#include "simulator/page_server/page_commands.hpp"

#include <boost/json/parse.hpp>
#include <map>
#include <stdexcept>

#include "simulator/operator_commands.hpp"
#include "simulator/page_server/page_command.hpp"
#include "simulator/wecom/named_faults.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

constexpr std::size_t errands_at_once_max = 16;

// What an action may use.
struct Stage {
    Simulation& simulation;
    const PageCommands::MediaUrl& media_url;
    Errands& errands;
};

void write(const Stage& stage, const PageCommand& command, const MemberMessage& message) {
    stage.simulation.wecom().write_async(command.text("app"), command.text("user"), message,
                                         [](const CallbackResult&) {});
}

// A file that was uploaded before.
template <typename Make>
void write_media(const Stage& stage, const PageCommand& command, Make make) {
    const auto media_id = command.text("media_id");
    const auto media = stage.simulation.wecom().media(media_id);
    if (!media) {
        throw std::runtime_error("the file is not there any more");
    }
    write(stage, command, make(media_id, *media));
}

void write_image(const Stage& stage, const PageCommand& command) {
    write_media(stage, command, [&](const std::string& id, const Media&) {
        return image_message(id, stage.media_url(id));
    });
}

void write_voice(const Stage& stage, const PageCommand& command) {
    write_media(stage, command,
                [](const std::string& id, const Media&) { return voice_message(id, "amr"); });
}

void write_video(const Stage& stage, const PageCommand& command) {
    write_media(stage, command,
                [](const std::string& id, const Media&) { return video_message(id); });
}

void write_file(const Stage& stage, const PageCommand& command) {
    write_media(stage, command, [](const std::string& id, const Media& media) {
        return file_message(id, media.file_name);
    });
}

void add_fault(const Stage& stage, const PageCommand& command) {
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

void verify(const Stage& stage, const PageCommand& command) {
    const auto result = stage.simulation.wecom().verify_url(command.text("app"));
    if (!result.verified) {
        throw std::runtime_error(result.problem);
    }
}

// One that can't be expected to answer is put to work only by who insists.
void change_agent(const Stage& stage, const PageCommand& command) {
    const auto agent = agent_of(command, stage.simulation.written_agent());
    if (!command.flag("anyway", false)) {
        const auto finding = stage.simulation.check_agent(agent);
        if (finding.verdict == Finding::Verdict::failed) {
            throw std::runtime_error(finding.sentence);
        }
    }
    stage.simulation.change_agent(agent);
}

// The page counts them from 1, and names none if there is only one.
std::size_t gateway_of(const PageCommand& command) {
    return static_cast<std::size_t>(command.number("gateway", 1)) - 1;
}

void restart(const Stage& stage, const PageCommand& command) {
    if (command.number("gateway", 0) == 0) {
        stage.simulation.restart_gateways();
    } else {
        stage.simulation.restart_gateway(gateway_of(command));
    }
}

struct Action {
    bool takes_time = false;
    void (*run)(const Stage& stage, const PageCommand& command);
};

const std::map<std::string, Action, std::less<>>& actions() {
    using S = const Stage;
    using C = PageCommand;
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
        {"again",
         {false,
          [](S& s, const C& c) {
              s.simulation.wecom().write_again_async(static_cast<std::uint64_t>(c.number("entry")),
                                                     [](const CallbackResult&) {});
          }}},
        {"replay",
         {false,
          [](S& s, const C& c) {
              s.simulation.wecom().replay_async(static_cast<std::uint64_t>(c.number("step")),
                                                [](const CallbackResult&) {});
          }}},
        {"stop_trial", {false, [](S& s, const C& c) { s.errands.stop(c.text("name")); }}},
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
        {"kill", {true, [](S& s, const C& c) { s.simulation.kill_gateway(gateway_of(c)); }}},
        {"restart", {true, restart}},
        {"agent", {true, change_agent}},
    };
    return all;
}

json::object problem(std::string_view text) {
    return {{"type", "problem"}, {"text", text}};
}

json::object outcome(const Stage& stage, const Action& action, const PageCommand& command) {
    try {
        action.run(stage, command);
        return {{"type", "done"}};
    } catch (const std::exception& error) {
        return problem(error.what());
    }
}

}  // namespace

PageCommands::PageCommands(Simulation& simulation, MediaUrl media_url, TellPages tell)
    : simulation_(simulation),
      media_url_(std::move(media_url)),
      tell_(std::move(tell)),
      desk_([&simulation](const OperatorDesk::Request& request, const std::stop_token& stop) {
          return simulation.run_program(request, stop);
      }),
      errands_(errands_at_once_max) {}

void PageCommands::stop() noexcept {
    errands_.stop();
    slow_.stop();
}

void PageCommands::run_beside(OperatorCommand what, PageCommand command, const Answer& answer) {
    auto name = command.text("name", "");
    const bool is_begun = errands_.begin(
        [this, what, answer, asked = std::move(command)](const std::stop_token& stop) {
            try {
                auto outcome = what({desk_, asked, tell_, simulation_.written_agent(), stop});
                outcome["type"] = "done";
                answer(outcome);
            } catch (const std::exception& error) {
                answer(problem(error.what()));
            }
        },
        std::move(name));
    if (!is_begun) {
        answer(problem("too much is under way: wait until some of it is done"));
    }
}

void PageCommands::run(std::string_view text, Answer answer) {
    boost::system::error_code error;
    auto parsed = json::parse(text, error);
    if (error || !parsed.is_object()) {
        answer(problem("a command is a JSON object"));
        return;
    }
    auto& object = parsed.get_object();
    const auto* const name = object.if_contains("do");
    const std::string word(name != nullptr && name->is_string() ? name->get_string().c_str() : "");
    PageCommand command(std::move(object));
    if (const auto what = find_operator_command(word); what != nullptr) {
        try {
            run_beside(what, std::move(command), answer);
        } catch (const std::runtime_error& wrong) {
            answer(problem(wrong.what()));
        }
        return;
    }
    const auto found = actions().find(word);
    if (found == actions().end()) {
        answer(problem("there is no such command"));
        return;
    }
    const auto& action = found->second;
    if (!action.takes_time) {
        answer(outcome({simulation_, media_url_, errands_}, action, command));
        return;
    }
    slow_.post([this, &action, command = std::move(command), answer = std::move(answer)] {
        answer(outcome({simulation_, media_url_, errands_}, action, command));
    });
}

}  // namespace hermes::host::simulator
