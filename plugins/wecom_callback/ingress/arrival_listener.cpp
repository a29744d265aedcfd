#include "ingress/arrival_listener.hpp"

#include <stdexcept>
#include <utility>

#include "protocol/callback_query.hpp"
#include "protocol/foreign_text.hpp"

namespace hermes::wecom {

namespace {

Finding::Verdict verdict_on(ArrivalKind kind) {
    switch (kind) {
        case ArrivalKind::verified:
        case ArrivalKind::message:
            return Finding::Verdict::ok;
        case ArrivalKind::visitor:
            return Finding::Verdict::skipped;
        case ArrivalKind::wrong:
            break;
    }
    return Finding::Verdict::failed;
}

}  // namespace

ArrivalListener::ArrivalListener(ArrivalListenerOptions options, AppsSnapshot apps,
                                 ArrivalReport report)
    : options_(std::move(options)),
      apps_(std::move(apps)),
      report_(std::move(report)),
      loop_(options_.steady_clock),
      server_(options_.server, [this](const http::HttpRequest& request, http::Responder respond) {
          handle(request, std::move(respond));
      }) {
    try {
        server_.start();
    } catch (const std::runtime_error& error) {
        const std::string reason = error.what();
        throw std::runtime_error(
            reason + (reason.starts_with("cannot listen")  // else it is about the certificate
                          ? " (a running gateway has to be stopped while you listen)"
                          : ""));
    }
    loop_.post([this] {
        expect_within_quiet();
        tell_what_is_waited_for();
    });
}

ArrivalListener::~ArrivalListener() {
    server_.stop(std::chrono::steady_clock::now());
    loop_.stop();
}

void ArrivalListener::handle(const http::HttpRequest& request, http::Responder respond) {
    const std::string address(client_address(
        request.remote_address(), request.header("X-Forwarded-For"), options_.trusted_proxies));
    auto arrival = judge(request, address);
    const auto took = std::chrono::steady_clock::now() - request.begun();
    respond({.status = arrival.status, .body = arrival.body});
    if (arrival.kind == ArrivalKind::verified) {
        judge_time(arrival, std::chrono::duration_cast<std::chrono::microseconds>(took),
                   options_.patience);
    }
    loop_.post([this, arrival = std::move(arrival),
                subject = clean_foreign_text(request.method()) + " from " + address] {
        expect_within_quiet();
        tell(subject, arrival);
    });
}

Arrival ArrivalListener::judge(const http::HttpRequest& request, const std::string& address) const {
    const CallbackRequest callback{
        .method = request.method(), .target = request.target(), .body = request.body()};
    if (target_path(callback.target) == options_.path &&
        !source_allowed(address, options_.allowed_sources)) {
        return {.sentence = "the address is outside allowed_source_cidrs: add `" + address +
                            "` there if it is WeCom's, or to trusted_proxies if it is a reverse "
                            "proxy of yours",
                .status = 403,
                .body = "forbidden\n"};
    }
    return judge_arrival(callback, options_.path, *apps_, options_.clock());
}

void ArrivalListener::tell(const std::string& subject, const Arrival& arrival) {
    report_.found({verdict_on(arrival.kind), subject, arrival.sentence});
    if (arrival.kind != ArrivalKind::verified) {
        return;
    }
    const auto before = verified_.size();
    for (const auto& app : arrival.verified) {
        verified_.insert(app->name);
    }
    if (verified_.size() == before) {
        return;
    }
    if (verified_.size() == apps_->size()) {
        report_.found({Finding::Verdict::ok, "callback URL",
                       "WeCom has had the right answer for every app: start the gateway now"});
        report_.all_right();
    } else {
        tell_what_is_waited_for();
    }
}

void ArrivalListener::tell_what_is_waited_for() {
    report_.found({Finding::Verdict::ok, "listening",
                   "on port " + std::to_string(server_.port()) + ", path " + options_.path +
                       (options_.server.tls_certificate.empty() ? "" : ", with TLS") +
                       ": press Save (保存) in the admin console for the URL of " + unverified() +
                       " (the app's page > 接收消息 > 设置API接收)"});
}

void ArrivalListener::expect_within_quiet() {
    loop_.cancel(quiet_timer_);
    quiet_timer_ = loop_.at(loop_.now() + options_.quiet, [this] {
        report_.found(
            {Finding::Verdict::warning, "nothing arrives",
             "no request has reached port " + std::to_string(server_.port()) + " for " +
                 std::to_string(options_.quiet.count()) +
                 " s. If you have pressed Save, WeCom's did not get here. First open the URL in a "
                 "browser outside of your network, with a phone for one: it must show up here. If "
                 "it does not, the host name leads to another machine, a firewall or security "
                 "group keeps the port shut, or a reverse proxy does not pass it on" +
                 (options_.server.tls_certificate.empty()
                      ? "; an https:// URL needs one, or `tls_certificate`"
                      : "; an http:// URL does not reach a port with TLS") +
                 ". If it does, WeCom refused the URL before it called: read what the console says "
                 "of the domain, which must be your company's own (域名主体)"});
    });
}

std::string ArrivalListener::unverified() const {
    std::string names;
    for (const auto& app : *apps_) {
        if (!verified_.contains(app->name)) {
            names += (names.empty() ? "app " : ", ") + app->name;
        }
    }
    return names;
}

}  // namespace hermes::wecom
