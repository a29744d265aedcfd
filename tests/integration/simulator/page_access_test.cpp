#include "simulator/page_server/page_access.hpp"

#include <doctest/doctest.h>

#include <map>

namespace hermes::host::simulator {

namespace {

using Headers = std::map<std::string, std::string, std::less<>>;

class Request final : public http::HttpRequest {
public:
    explicit Request(Headers headers) : headers_(std::move(headers)) {}

    std::string_view method() const noexcept override { return "GET"; }
    std::string_view target() const noexcept override { return "/"; }
    std::string_view body() const noexcept override { return ""; }
    std::string_view header(std::string_view name) const noexcept override {
        const auto found = headers_.find(name);
        return found == headers_.end() ? std::string_view() : found->second;
    }
    const std::string& remote_address() const noexcept override { return address_; }
    std::chrono::steady_clock::time_point begun() const noexcept override { return {}; }

private:
    Headers headers_;
    std::string address_ = "127.0.0.1";
};

// As a browser sends it back.
std::string cookie_of(const PageAccess& access, const std::string& host) {
    const auto cookie = access.cookie(Request(Headers{{"Host", host}}));
    return cookie.substr(0, cookie.find(';'));
}

const std::string good_cookie = cookie_of(PageAccess("secret"), "127.0.0.1:8650");

}  // namespace

TEST_SUITE("simulator/page_access") {
    const PageAccess access("secret");

    TEST_CASE("the key in the address lets in, and a digest of it becomes a cookie for all ports") {
        const Request request(Headers{{"Host", "127.0.0.1:8650"}});
        CHECK(access.lets_in(request, "secret"));
        CHECK_FALSE(access.lets_in(request, "secre"));
        CHECK_FALSE(access.lets_in(request, ""));
        const auto cookie = access.cookie(request);
        CHECK(cookie.starts_with("hermes_page_key_8650="));
        CHECK(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"));
        CHECK(cookie.find("secret") == std::string::npos);
    }

    TEST_CASE("who has the cookie may look") {
        const auto may_look = [](const std::string& cookies) {
            return access.may_look(
                Request(Headers{{"Host", "localhost:8650"}, {"Cookie", cookies}}));
        };
        CHECK(may_look(good_cookie));
        CHECK(may_look("a=b; " + good_cookie + "; c=d"));
        CHECK_FALSE(may_look(""));
        CHECK_FALSE(may_look("hermes_page_key_8650=other1"));
        CHECK_FALSE(may_look("hermes_page_key_8650=secret"));
        CHECK_FALSE(may_look("x" + good_cookie));
        const auto value = good_cookie.substr(good_cookie.find('='));
        CHECK_FALSE(may_look("hermes_page_key_86500" + value));
        CHECK_FALSE(may_look("hermes_page_key_8651" + value));
    }

    TEST_CASE("the pages of two simulators are open side by side in one browser") {
        const PageAccess other("another");
        const auto cookies = good_cookie + "; " + cookie_of(other, "127.0.0.1:8651");
        const Request first(Headers{{"Host", "127.0.0.1:8650"}, {"Cookie", cookies}});
        const Request second(Headers{{"Host", "127.0.0.1:8651"}, {"Cookie", cookies}});
        CHECK(access.may_look(first));
        CHECK(other.may_look(second));
        CHECK_FALSE(access.may_look(second));
        CHECK_FALSE(other.may_look(first));
    }

    TEST_CASE("a name that somebody else has led to this address is refused") {
        for (const auto* const host : {"evil.example:8650", "127.0.0.1.evil.example:8650", ""}) {
            const Request request(Headers{{"Host", host}, {"Cookie", good_cookie}});
            CHECK_FALSE(access.may_look(request));
            CHECK_FALSE(access.lets_in(request, "secret"));
        }
    }

    TEST_CASE("another page may not follow what changes") {
        const auto may_follow = [](const std::string& origin, const std::string& site) {
            return access.may_follow(Request(Headers{{"Host", "127.0.0.1:8650"},
                                                     {"Cookie", good_cookie},
                                                     {"Origin", origin},
                                                     {"Sec-Fetch-Site", site}}));
        };
        CHECK(may_follow("", ""));
        CHECK(may_follow("", "same-origin"));
        CHECK(may_follow("http://127.0.0.1:8650", "same-origin"));
        CHECK_FALSE(may_follow("http://127.0.0.1:9000", ""));
        CHECK_FALSE(may_follow("null", ""));
        CHECK_FALSE(may_follow("", "same-site"));
        CHECK_FALSE(may_follow("", "cross-site"));
        CHECK_FALSE(may_follow("", "none"));
        CHECK_FALSE(access.may_follow(Request(Headers{{"Host", "127.0.0.1:8650"}})));
    }

    TEST_CASE("only the page itself may change something, with the key: its cookie is not enough") {
        const auto may_change = [](const std::string& origin, const std::string& key = "secret") {
            return access.may_change(Request(Headers{{"Host", "127.0.0.1:8650"},
                                                     {"Cookie", good_cookie},
                                                     {"X-Page-Key", key},
                                                     {"Origin", origin}}));
        };
        CHECK_FALSE(may_change("http://127.0.0.1:8650", ""));
        CHECK_FALSE(
            may_change("http://127.0.0.1:8650", good_cookie.substr(good_cookie.find('=') + 1)));
        CHECK(may_change("http://127.0.0.1:8650"));
        CHECK_FALSE(may_change("http://127.0.0.1:9000"));
        CHECK_FALSE(may_change("http://localhost:8650"));
        CHECK_FALSE(may_change("null"));
        CHECK_FALSE(may_change(""));
    }
}

}  // namespace hermes::host::simulator
