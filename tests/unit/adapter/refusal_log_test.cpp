#include "ingress/refusal_log.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/chinese.hpp"
#include "support/manual_clock.hpp"
#include "unit/policy/signed_callback.hpp"

namespace hermes::test {
namespace {

using wecom::CallbackError;
using wecom::Respond;

// What the log has of requests that are refused.
struct Desk {
    ManualClock clock{};
    std::vector<std::string> lines{};
    wecom::RefusalLog log{clock.steady_clock(),
                          base::Log([this](base::Severity, std::string_view line) {
                              check_chinese(std::string(line));
                              lines.emplace_back(line);
                          })};

    std::string line(const SignedCallback& callback) {
        log.refused(std::get<Respond>(decide(callback, three_apps())), "1.2.3.4");
        return lines.empty() ? "" : lines.back();
    }
};

SignedCallback callback_of(std::size_t app) {
    const auto apps = three_apps();
    return {.app = apps[app], .xml = text_xml(apps[app], "zhangsan", "hello")};
}

}  // namespace

TEST_SUITE("adapter/refusal_log") {
    TEST_CASE("a callback with a wrong Token says of which app it is and where to copy it from") {
        Desk desk;
        auto callback = callback_of(0);
        callback.app.callback_token = "another";
        CHECK(desk.line(callback) ==
              "app hr: request from 1.2.3.4 refused: the signature does not match: copy the Token "
              "from the app's page to `token`");
        callback.envelope_agent = "";  // an event of no app: both of the corp may be meant
        CHECK(desk.line(callback) ==
              "request from 1.2.3.4 refused: the signature does not match the Token of any app: "
              "copy the Token from the app's page to `token`");
    }

    TEST_CASE("a callback for an app that is not configured names the ids, cleaned and cut") {
        Desk desk;
        auto callback = callback_of(0);
        callback.envelope_agent = "1000009";
        CHECK(desk.line(callback) ==
              "request from 1.2.3.4 refused: no app is configured for corp id ww1234567890 and "
              "agent id 1000009: correct `corp_id` and `agent_id`, or remove the URL from the "
              "other app");
        desk.clock.advance(wecom::refusal_log_interval);
        callback.envelope_corp = "ww\n" + std::string(5'000, '.');
        callback.envelope_agent = "";
        const auto line = desk.line(callback);
        CHECK(line.size() < 500);
        CHECK(line.find('\n') == std::string::npos);
        CHECK(
            line.starts_with("request from 1.2.3.4 refused: no app is configured for corp id ww "));
    }

    TEST_CASE("lines are one a minute for each app, and one for all that are not configured") {
        Desk desk;
        for (std::size_t app = 0; app < 2; ++app) {
            auto callback = callback_of(app);
            callback.msg_signature = std::string(40, '0');
            desk.line(callback);
            desk.line(callback);
            callback.envelope_agent = std::to_string(7 + app);
            desk.line(callback);
        }
        CHECK(desk.lines.size() == 3);
        desk.clock.advance(wecom::refusal_log_interval);
        auto callback = callback_of(0);
        callback.msg_signature = std::string(40, '0');
        CHECK(desk.line(callback).ends_with("`token` (1 more like it were not logged)"));
    }
}

}  // namespace hermes::test
