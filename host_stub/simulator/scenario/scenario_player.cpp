#include "simulator/scenario/scenario_player.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "simulator/page_server/sha256.hpp"
#include "simulator/scenario/scenario_files.hpp"
#include "simulator/scenario/scenario_judge.hpp"
#include "simulator/wecom/named_faults.hpp"

namespace hermes::host::simulator {

namespace {

using Kind = ScenarioStep::Kind;

std::string card_of(const WecomSimulator& wecom, const ScenarioStep& step) {
    std::vector<std::string> cards;
    for (const auto& entry : wecom.entries()) {
        if (entry.app == step.app && same_user_id(entry.user_id, step.user_id) &&
            is_card_of_chat(entry)) {
            cards.push_back(entry.msgid);
        }
    }
    if (cards.empty()) {
        throw std::runtime_error("there is no card in this chat");
    }
    const auto number =
        static_cast<std::size_t>(step.card.value_or(static_cast<int>(cards.size())));
    if (number > cards.size()) {
        throw std::runtime_error("there is no card " + std::to_string(number) +
                                 " in this chat, there are " + std::to_string(cards.size()));
    }
    return cards[number - 1];
}

}  // namespace

std::vector<std::string> ScenarioPlayer::play(const Scenario& scenario) {
    std::vector<std::string> differences;
    for (const auto& step : scenario.steps) {
        std::string difference;
        try {
            difference = do_step(step);
        } catch (const std::exception& problem) {
            difference = problem.what();
        }
        if (!difference.empty()) {
            differences.push_back(place_of(scenario, step) + ": " + difference);
        }
    }
    return differences;
}

std::vector<std::string> ScenarioPlayer::unexpected(const Scenario& scenario) {
    std::set<std::pair<std::string, std::string>> chats;
    for (const auto& step : scenario.steps) {
        if (step.kind == Kind::expect || step.kind == Kind::expect_match ||
            step.kind == Kind::expect_file) {
            chats.emplace(step.app, step.user_id);
        }
    }
    std::vector<std::string> differences;
    for (const auto& [app, user_id] : chats) {
        while (const auto more = simulation_.wecom().wait_for_delivery(
                   {.app = app, .user_id = user_id}, std::chrono::milliseconds(0))) {
            differences.push_back(scenario.name + ": " + user_id + " in " + app + " got " +
                                  in_quotes(words_of(*more)) + ", which is not expected");
        }
    }
    return differences;
}

std::string ScenarioPlayer::do_step(const ScenarioStep& step) {
    switch (step.kind) {
        case Kind::write:
        case Kind::send_file:
        case Kind::send_location:
        case Kind::send_link:
        case Kind::event:
        case Kind::press:
            return act(step);
        case Kind::expect:
        case Kind::expect_match:
        case Kind::expect_file:
            return wait_for(step);
        case Kind::await:
            return await_step(step);
        case Kind::add_fault:
        case Kind::clear_faults:
        case Kind::begin_outage:
        case Kind::end_outage:
        case Kind::revoke_token:
        case Kind::kill_gateway:
        case Kind::restart_gateway:
            break_something(step);
            return {};
    }
    return {};
}

std::string ScenarioPlayer::act(const ScenarioStep& step) {
    auto& wecom = simulation_.wecom();
    const auto result = step.kind == Kind::press
                            ? wecom.press(step.app, step.user_id, card_of(wecom, step), step.text)
                            : wecom.write(step.app, step.user_id, message_of(step));
    return judge_callback(step, result).value_or("");
}

MemberMessage ScenarioPlayer::message_of(const ScenarioStep& step) {
    switch (step.kind) {
        case Kind::send_file:
            return file_of(step);
        case Kind::send_location:
            return location_message(step.latitude, step.longitude, step.text);
        case Kind::send_link:
            return link_message(step.title, step.description, step.text);
        case Kind::event:
            return !step.scanned.empty() ? scan_message(step.text, step.event_key, step.scanned)
                   : !step.latitude.empty()
                       ? chosen_place(step.event_key, step.latitude, step.longitude, step.label)
                       : event_message(step.text, step.event_key);
        default:
            return text_message(step.text);
    }
}

MemberMessage ScenarioPlayer::file_of(const ScenarioStep& step) {
    auto& wecom = simulation_.wecom();
    const auto media = read_sent_file(folder_, step);
    const auto id = wecom.keep_media(media.type, media.content_type, media.bytes, media.file_name);
    if (step.media == "image") {
        return image_message(id, wecom.api_base() + "/pictures/" + id);  // nobody serves it there
    }
    return step.media == "voice"   ? voice_message(id, "amr")
           : step.media == "video" ? video_message(id)
                                   : file_message(id, media.file_name);
}

std::string ScenarioPlayer::wait_for(const ScenarioStep& step) {
    const auto came = simulation_.wecom().wait_for_delivery(
        {.app = step.app, .user_id = step.user_id}, step.within);
    if (step.kind != Kind::expect_file) {
        return judge_answer(step, came).value_or("");
    }
    std::optional<FileThatCame> file;
    if (const auto media = came ? simulation_.wecom().media(came->content) : std::nullopt) {
        file = {.bytes = media->bytes.size(), .sha256 = sha256_of(media->bytes)};
    }
    return judge_file(step, came, file).value_or("");
}

std::string ScenarioPlayer::await_step(const ScenarioStep& step) {
    auto& last = last_awaited_[{step.app, step.user_id}];
    const auto has_come = [&] {
        for (const auto& seen : simulation_.wecom().steps(last)) {
            if (to_string(seen.kind) == step.text && seen.app == step.app &&
                same_user_id(seen.user_id, step.user_id)) {
                last = seen.sequence;
                return true;
            }
        }
        return false;
    };
    if (simulation_.wecom().wait_until(has_come, step.within)) {
        return {};
    }
    return "no " + step.text + " within " + std::to_string(step.within.count()) + " s";
}

void ScenarioPlayer::break_something(const ScenarioStep& step) {
    auto& wecom = simulation_.wecom();
    if (step.kind == Kind::add_fault) {
        auto fault = find_named_fault(step.text)->fault;
        fault.times = step.times ? step.times : fault.times;
        wecom.add_fault(fault);
    } else if (step.kind == Kind::clear_faults) {
        wecom.clear_faults();
    } else if (step.kind == Kind::begin_outage) {
        wecom.begin_outage();
    } else if (step.kind == Kind::end_outage) {
        wecom.end_outage();
    } else if (step.kind == Kind::revoke_token) {
        wecom.revoke_access_token(step.app);
    } else if (step.kind == Kind::kill_gateway) {
        simulation_.kill_gateway();
    } else {
        simulation_.restart_gateway();
    }
}

}  // namespace hermes::host::simulator
