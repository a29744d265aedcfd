#include "simulator/terminal/wire_printer.hpp"

#include "simulator/scenario/scenario_judge.hpp"

namespace hermes::host::simulator {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t shown_characters = 32;  // of an encrypted message

std::string milliseconds(const WireStep& step) {
    return std::to_string(step.elapsed.count()) + " ms";
}

// "540 bytes encrypted: 7MlZ...".
std::string describe_callback(const WireStep& step) {
    static constexpr std::string_view before = "<Encrypt><![CDATA[";
    const auto start = step.request.find(before);
    const auto encrypted = start == std::string::npos
                               ? std::string_view()
                               : std::string_view(step.request).substr(start + before.size());
    const auto end = encrypted.find("]]>");
    return std::to_string(end == std::string_view::npos ? 0 : end) +
           " bytes encrypted: " + std::string(encrypted.substr(0, shown_characters)) + "...";
}

std::string attempt(const WireStep& step) {
    return step.attempt > 1 ? " (try " + std::to_string(step.attempt) + ")" : "";
}

// Whose it is, if that is known: an access token that is none names no app.
std::string app_of(const WireStep& step) {
    return step.app.empty() ? "" : step.app + ": ";
}

std::string describe_answer(const WireStep& step) {
    if (step.status != 200) {
        return "  <- " + step.summary + " (after " + milliseconds(step) + ")";
    }
    return "  <- 200" + (step.response.empty() ? "" : " " + step.response) + " after " +
           milliseconds(step);
}

}  // namespace

std::string member_name(const World& world, std::string_view app, std::string_view user_id) {
    const auto* const of = world.find_app(app);
    const auto* const member = of == nullptr ? nullptr : world.find_member(of->corp_id, user_id);
    return member == nullptr ? std::string(user_id) : member->name;
}

void WirePrinter::print(const WireStep& step) {
    switch (step.kind) {
        case StepKind::callback_sent:
            terminal_.print(Style::dim, "  -> callback to " + step.app + attempt(step) + ", " +
                                            describe_callback(step));
            break;
        case StepKind::callback_replayed:
            terminal_.print(Style::dim, "  -> the same callback to " + step.app + " once more");
            break;
        case StepKind::callback_answered:
            terminal_.print(step.status == 200 ? Style::dim : Style::bad, describe_answer(step));
            break;
        case StepKind::callback_failed:
            terminal_.print(Style::bad,
                            "  <- no answer after " + milliseconds(step) + ": " + step.summary);
            break;
        case StepKind::delivered:
            print_delivery(step);
            break;
        case StepKind::token_issued:
            terminal_.print(Style::dim, "  <- gettoken for " + step.app + ": access token given");
            break;
        case StepKind::message_sent:
            terminal_.print(
                step.errcode == 0 ? Style::dim : Style::bad,
                "  <- " + app_of(step) + step.summary + (step.errcode == 0 ? ": accepted" : ""));
            break;
        case StepKind::api_called:
        case StepKind::fault_met:
        case StepKind::dropped:
        case StepKind::suppressed:
            terminal_.print(
                step.errcode == 0 && step.kind != StepKind::fault_met ? Style::dim : Style::bad,
                "  <- " + app_of(step) + step.summary);
            break;
        case StepKind::outage_began:
        case StepKind::outage_ended:
            terminal_.print(Style::bad, step.summary);
            break;
        case StepKind::committed:
        case StepKind::known_already:
        case StepKind::handed_over:
        case StepKind::agent_begun:
        case StepKind::agent_answered:
        case StepKind::agent_silent:
        case StepKind::agent_stopped:
        case StepKind::agent_interrupted:
        case StepKind::reply_stored:
        case StepKind::attempted:
            terminal_.print(Style::dim, "     gateway: " + step.summary);
            break;
        case StepKind::agent_failed:
        case StepKind::put_off:
        case StepKind::set_aside:
            terminal_.print(Style::bad, "     gateway: " + step.summary);
            break;
        // What has come is printed, and what was asked for is answered.
        case StepKind::accepted:
        case StepKind::url_verified:
        // The log file and the console tell it.
        case StepKind::gateway_log:
        case StepKind::gateway_started:
        case StepKind::gateway_ended:
            break;
    }
    if (shows_bytes_) {
        print_bytes(step);
    }
    printed_ = step.sequence;
}

void WirePrinter::print_delivery(const WireStep& step) {
    // This step's own: deliveries are recorded before their steps, and taken in order.
    const auto delivered =
        wecom_.wait_for_delivery({.app = step.app, .user_id = step.user_id}, 0ms);
    if (delivered) {
        terminal_.print(Style::strong, step.app + " to " +
                                           member_name(wecom_.world(), step.app, step.user_id) +
                                           ": " + words_of(*delivered) +
                                           (delivered->cut ? " [cut by WeCom]" : ""));
    }
}

void WirePrinter::print_bytes(const WireStep& step) {
    for (const auto* const text : {&step.plain, &step.request, &step.response}) {
        if (!text->empty()) {
            terminal_.print(Style::dim, "    " + *text);
        }
    }
}

}  // namespace hermes::host::simulator
