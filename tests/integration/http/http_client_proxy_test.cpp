// The way through a CONNECT proxy.
#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "http/http_client.hpp"
#include "running_server.hpp"
#include "support/http_test_proxy.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_certificate.hpp"

using namespace hermes::test;
using namespace std::chrono_literals;
using hermes::http::HttpClient;
using hermes::http::HttpClientOptions;
using hermes::http::HttpClientReply;
using hermes::http::HttpClientRequest;
using hermes::http::HttpOutcome;
using hermes::http::HttpServerOptions;

namespace {

// "zhang:p@ss:w%" as RFC 7617 wants it.
constexpr const char* authorization = "Basic emhhbmc6cEBzczp3JQ==";
constexpr const char* user_info = "zhang:p%40ss%3Aw%25@";

std::string proxy_url(std::uint16_t port, const std::string& user = "") {
    return "http://" + user + "127.0.0.1:" + std::to_string(port);
}

HttpClientReply fetch(const std::string& url, const std::string& proxy,
                      std::chrono::milliseconds timeout = 20s, const std::string& ca_file = "") {
    HttpClientOptions options;
    options.ca_file = ca_file;
    HttpClient client(options);
    HttpClientRequest request;
    request.method = "POST";
    request.url = url;
    request.proxy = proxy;
    request.body = "hello";
    request.timeout = timeout;
    return client.fetch(request);
}

}  // namespace

TEST_SUITE("support/http_client proxy") {
    TEST_CASE("an https request goes through the proxy, which resolves the name") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "DNS:qyapi.invalid");
        HttpServerOptions options;
        options.tls_certificate = files.certificate_file;
        options.tls_private_key = files.private_key_file;
        const RunningServer server(describe, options);
        HttpTestProxy proxy;
        const std::string host = "qyapi.invalid:" + std::to_string(server.port());
        const auto reply =
            fetch("https://" + host + "/x", proxy_url(proxy.port()), 20s, files.certificate_file);
        CHECK(reply.problem == "");
        CHECK(reply.body == "POST /x [hello]");
        CHECK(proxy.requests().take() == "CONNECT " + host + " HTTP/1.1");
    }

    TEST_CASE("an http request goes through the proxy in the same way") {
        const RunningServer server;
        HttpTestProxy proxy;
        CHECK(fetch(server.url("/x"), proxy_url(proxy.port())).body == "POST /x [hello]");
        CHECK(proxy.requests().take() ==
              "CONNECT 127.0.0.1:" + std::to_string(server.port()) + " HTTP/1.1");
    }

    TEST_CASE("user and password of the proxy's URL are decoded and sent to the proxy") {
        const RunningServer server;
        const HttpTestProxy proxy(authorization);
        const auto reply = fetch(server.url("/x"), proxy_url(proxy.port(), user_info));
        CHECK(reply.problem == "");
        CHECK(reply.status == 200);
    }

    TEST_CASE("a tunnel is kept for the next request") {
        const RunningServer server;
        HttpTestProxy proxy;
        HttpClient client;
        HttpClientRequest request;
        request.url = server.url();
        request.proxy = proxy_url(proxy.port());
        CHECK(client.fetch(request).status == 200);
        CHECK(client.fetch(request).status == 200);
        CHECK(proxy.requests().size() == 1);
    }

    TEST_CASE("a wrong password was not sent, and the text names the proxy but no password") {
        const RunningServer server;
        const HttpTestProxy proxy(authorization);
        const auto reply = fetch(server.url("/x"), proxy_url(proxy.port(), "zhang:wrong@"));
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem ==
              "proxy 127.0.0.1:" + std::to_string(proxy.port()) +
                  ": it refused to connect to 127.0.0.1:" + std::to_string(server.port()) +
                  ": 407 Proxy Authentication Required (check the user and "
                  "password in the proxy's URL)");
    }

    TEST_CASE("a proxy that can't reach the server says so") {
        std::uint16_t closed = 0;
        {
            const RunningServer gone;
            closed = gone.port();
        }
        const HttpTestProxy proxy;
        const auto reply =
            fetch("http://127.0.0.1:" + std::to_string(closed) + "/", proxy_url(proxy.port()));
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem == "proxy 127.0.0.1:" + std::to_string(proxy.port()) +
                                   ": it refused to connect to 127.0.0.1:" +
                                   std::to_string(closed) + ": 502 Bad Gateway");
    }

    TEST_CASE("a proxy that is not there was not sent anything") {
        std::uint16_t closed = 0;
        {
            const HttpTestProxy gone;
            closed = gone.port();
        }
        const auto reply = fetch("https://qyapi.invalid/?secret", proxy_url(closed, user_info));
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem ==
              "connect to proxy 127.0.0.1:" + std::to_string(closed) + ": connection refused");
    }

    TEST_CASE("a proxy that dies before it answers was not sent the request") {
        const HttpScriptedServer proxy(
            [](HttpSocket& connection, int) { connection.read_message(); });
        const auto reply = fetch("https://qyapi.invalid/", proxy_url(proxy.port(), user_info));
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem ==
              "proxy 127.0.0.1:" + std::to_string(proxy.port()) + ": it closed the connection");
    }

    TEST_CASE("a proxy that dies in the middle of a request leaves it open what happened") {
        const HttpScriptedServer proxy([](HttpSocket& connection, int) {
            connection.read_message();
            connection.send("HTTP/1.1 200 OK\r\n\r\n");
            connection.read_message();
        });
        const auto reply = fetch("http://qyapi.invalid/", proxy_url(proxy.port()));
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem ==
              "read from qyapi.invalid:80: the connection was closed before a reply came");
    }

    TEST_CASE("a proxy that does not answer is given up at the timeout") {
        const HttpScriptedServer proxy([](HttpSocket& connection, int) {
            connection.read_message();
            connection.ends();
        });
        const auto reply = fetch("https://qyapi.invalid/", proxy_url(proxy.port()), 50ms);
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem ==
              "proxy 127.0.0.1:" + std::to_string(proxy.port()) + ": timed out after 50 ms");
    }

    TEST_CASE("a proxy URL of another form is refused without being repeated in the text") {
        for (const char* proxy : {"socks5://user:secret@127.0.0.1:1", "127.0.0.1:3128",
                                  "http://user:sec ret@host", "http://"}) {
            CAPTURE(proxy);
            const auto reply = fetch("http://127.0.0.1/", proxy);
            CHECK(reply.outcome == HttpOutcome::not_sent);
            CHECK(reply.problem == "the proxy is not of the form http://[user:password@]host:port");
        }
    }
}
