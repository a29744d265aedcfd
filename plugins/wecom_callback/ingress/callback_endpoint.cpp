#include "ingress/callback_endpoint.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <utility>
#include <variant>

#include "protocol/foreign_text.hpp"

namespace hermes::wecom {

using http::HttpResponse;
using http::Responder;

namespace {

std::string milliseconds(std::chrono::duration<double, std::milli> time) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f ms", time.count());
    return text.data();
}

// The step that ends what began at `start`.
void finish(TraceStep& step, durable::Accepted outcome,
            std::chrono::steady_clock::time_point start) {
    const auto elapsed = std::chrono::steady_clock::now() - start;
    const bool stored = outcome == durable::Accepted::stored;
    step.kind = stored ? TraceStep::Kind::stored : TraceStep::Kind::known_already;
    step.took = std::chrono::duration_cast<std::chrono::microseconds>(elapsed);
    step.sentence = (stored ? "stored after " : "known already, after ") + milliseconds(elapsed);
}

}  // namespace

CallbackEndpoint::CallbackEndpoint(const CurrentApps& apps, AnswersAtOnce answers_at_once,
                                   Door door, durable::Store& store, base::Clock clock,
                                   RefusalLog& refusals, base::Log log, Trace* trace,
                                   http::Metrics& metrics)
    : apps_(apps),
      answers_at_once_(std::move(answers_at_once)),
      door_(std::move(door)),
      store_(store),
      clock_(std::move(clock)),
      refusals_(refusals),
      log_(std::move(log)),
      trace_(trace),
      metrics_(metrics, apps) {}

void CallbackEndpoint::handle(const http::HttpRequest& request, std::string_view address,
                              Responder respond) {
    auto decision = decide_callback(
        {.method = request.method(), .target = request.target(), .body = request.body()},
        *apps_.now(), clock_());
    if (auto* accepted = std::get_if<Accept>(&decision)) {
        accept(std::move(*accepted), request.begun(), std::move(respond));
    } else {
        this->respond(std::get<Respond>(decision), address, std::move(respond));
    }
}

void CallbackEndpoint::respond(const Respond& decision, std::string_view address,
                               Responder respond) {
    HttpResponse response{.status = decision.status, .body = decision.body};
    switch (decision.verdict) {
        case Verdict::entered:
            door_.entered(decision.app, decision.sender->user);
            [[fallthrough]];
        case Verdict::ignored:
            metrics_.count(CallbackOutcome::ignored, decision.app.get());
            if (log_.keeps(base::Severity::debug)) {
                log_(base::Severity::debug,
                     "nothing for an agent: " + clean_foreign_text(decision.kind_name));
            }
            break;
        case Verdict::unknown:
            metrics_.count(CallbackOutcome::unknown, decision.app.get());
            refusals_.unknown(decision.kind_name, decision.error, decision.app->name);
            break;
        case Verdict::noted:
        case Verdict::warned:
            metrics_.count(CallbackOutcome::ignored, decision.app.get());
            log_(decision.verdict == Verdict::warned ? base::Severity::warning
                                                     : base::Severity::info,
                 "app " + decision.app->name + ": " + std::string(decision.meaning));
            break;
        case Verdict::introduced:
            break;
        case Verdict::verified:
            metrics_.count(CallbackOutcome::ignored, decision.app.get());
            break;
        case Verdict::forbidden:
            metrics_.count(CallbackOutcome::forbidden, decision.app.get());
            refusals_.forbidden(decision.sender->str(), decision.app->name);
            door_.turned_away(decision.app, decision.sender->user);
            break;
        case Verdict::not_allowed:
            response.headers.emplace_back("Allow", "GET, POST");
            metrics_.count(CallbackOutcome::refused, decision.app.get());
            break;
        case Verdict::refused:
            metrics_.count(CallbackOutcome::refused, decision.app.get());
            refusals_.refused(decision, address);
            break;
    }
    respond(std::move(response));
}

void CallbackEndpoint::accept(Accept decision, std::chrono::steady_clock::time_point begun,
                              Responder respond) {
    const auto& message = decision.message;
    TraceStep step;
    if (trace_ != nullptr) {
        step.message_id = message.msg_id;
        step.account = decision.app->name;
        step.user_id = message.from_user.str();
    }
    const auto* words =
        message.kind == InboundKind::text ? &message.text : decision.app->menu.text_of(message);
    const bool urgent = words != nullptr && answers_at_once_ && answers_at_once_(*words);
    durable::NewEvent event{.duplicate_key = std::move(decision.duplicate_key),
                            .account = decision.app->account(),
                            .chat = message.to_corp.str() + ':' + message.from_user.str(),
                            .folded_chat = message.to_corp.str() + ':' + message.from_user.folded(),
                            .payload = std::move(decision.xml),
                            .urgent = urgent,
                            .has_files = (is_file(message.kind) && !message.media_id.empty()) ||
                                         (!urgent && may_answer(*decision.app, message))};
    const auto start = std::chrono::steady_clock::now();
    store_.inbox().accept(std::move(event), [this, app = decision.app, answer = std::move(respond),
                                             begun, start, step = std::move(step)](
                                                base::Result<durable::Accepted> outcome) mutable {
        if (!outcome) {
            metrics_.count(CallbackOutcome::unavailable, app.get());
            answer({.status = 503, .body = "the message cannot be stored at the moment\n"});
            return;
        }
        metrics_.count(*outcome == durable::Accepted::stored ? CallbackOutcome::accepted
                                                             : CallbackOutcome::duplicate,
                       app.get());
        metrics_.acknowledged(begun);
        if (trace_ != nullptr) {  // first: what is told later looks as if it came later
            finish(step, *outcome, start);
            trace_->step(step);
        }
        answer({.body = "success"});
    });
}

}  // namespace hermes::wecom
