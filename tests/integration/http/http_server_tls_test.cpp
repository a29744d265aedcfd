// HTTPS: what the server's certificate does, and what the client makes of it.
#include <doctest/doctest.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "http/http_client.hpp"
#include "running_server.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_certificate.hpp"

using namespace hermes::test;
using hermes::http::HttpClient;
using hermes::http::HttpClientOptions;
using hermes::http::HttpClientReply;
using hermes::http::HttpClientRequest;
using hermes::http::HttpOutcome;
using hermes::http::HttpServer;
using hermes::http::HttpServerOptions;

namespace {

HttpServerOptions tls_options(const TlsCertificate& files) {
    HttpServerOptions options;
    options.tls_certificate = files.certificate_file;
    options.tls_private_key = files.private_key_file;
    return options;
}

std::string start_error(const TlsCertificate& files) {
    HttpServer server(tls_options(files), describe);
    try {
        server.start();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "it started";
}

HttpClientReply fetch(const RunningServer& server, const std::string& host,
                      const std::string& ca_file) {
    HttpClientOptions options;
    options.ca_file = ca_file;
    HttpClient client(options);
    HttpClientRequest request;
    request.method = "POST";
    request.url = "https://" + host + ":" + std::to_string(server.port()) + "/x";
    request.body = "hello";
    return client.fetch(request);
}

}  // namespace

TEST_SUITE("support/tls") {
    TEST_CASE("a server with a certificate that the client trusts is talked to over TLS") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "IP:127.0.0.1");
        const RunningServer server(describe, tls_options(files));
        const auto reply = fetch(server, "127.0.0.1", files.certificate_file);
        CHECK(reply.problem == "");
        CHECK(reply.outcome == HttpOutcome::replied);
        CHECK(reply.body == "POST /x [hello]");
    }

    TEST_CASE("a name in the certificate is enough, and an address is checked as an address") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "DNS:localhost");
        const RunningServer server(describe, tls_options(files));
        CHECK(fetch(server, "localhost", files.certificate_file).outcome == HttpOutcome::replied);
        const auto reply = fetch(server, "127.0.0.1", files.certificate_file);
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem == "TLS with 127.0.0.1:" + std::to_string(server.port()) +
                                   ": certificate not trusted: IP address mismatch");
    }

    TEST_CASE("bodies of many records pass both ways over TLS") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "IP:127.0.0.1");
        HttpServerOptions options = tls_options(files);
        options.body_bytes_max = 8 * 1024 * 1024;
        const RunningServer server(describe, options);
        HttpClientOptions client_options;
        client_options.ca_file = files.certificate_file;
        HttpClient client(client_options);
        HttpClientRequest request;
        request.method = "POST";
        request.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
        request.body = std::string(5 * 1024 * 1024, 'x');
        for (int i = 0; i < 2; ++i) {
            const auto reply = client.fetch(request);
            CHECK(reply.problem == "");
            CHECK(reply.body == "POST / [" + request.body + "]");
        }
    }

    TEST_CASE("a body that is too large is refused over TLS too, so that the client sees it") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "IP:127.0.0.1");
        HttpServerOptions options = tls_options(files);
        options.body_bytes_max = 4;
        const RunningServer server(describe, options);
        const auto reply = fetch(server, "127.0.0.1", files.certificate_file);
        CHECK(reply.problem == "");
        CHECK(reply.status == 413);
    }

    TEST_CASE("a certificate that nobody vouches for is refused") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "IP:127.0.0.1");
        const RunningServer server(describe, tls_options(files));
        const auto reply = fetch(server, "127.0.0.1", "");
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem == "TLS with 127.0.0.1:" + std::to_string(server.port()) +
                                   ": certificate not trusted: self-signed certificate");
    }

    TEST_CASE("a certificate for another name is refused, even if it is trusted") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "DNS:qyapi.example");
        const RunningServer server(describe, tls_options(files));
        const auto reply = fetch(server, "localhost", files.certificate_file);
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem == "TLS with localhost:" + std::to_string(server.port()) +
                                   ": certificate not trusted: hostname mismatch");
    }

    TEST_CASE("a client that speaks plain HTTP to a TLS server gets the end") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "IP:127.0.0.1");
        const RunningServer server(describe, tls_options(files));
        CHECK(server.raw(get("/")).find("200") == std::string::npos);
    }

    TEST_CASE("a handshake that does not come is given up at the read timeout") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "IP:127.0.0.1");
        HttpServerOptions options = tls_options(files);
        options.read_timeout = std::chrono::milliseconds(50);
        const RunningServer server(describe, options);
        CHECK(server.connect().ends());
    }

    TEST_CASE("a certificate is renewed for who comes from then on, and nobody is cut off") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "IP:127.0.0.1");
        const auto renewed = make_certificate(directory.path(), "renewed", "IP:127.0.0.1");
        RunningServer server(describe, tls_options(files));
        HttpClientOptions options;
        options.ca_file = files.certificate_file;
        HttpClient who_is_there(options);
        HttpClientRequest request;
        request.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/x";
        CHECK(who_is_there.fetch(request).outcome == HttpOutcome::replied);

        server->renew_tls(renewed.certificate_file, renewed.private_key_file);
        CHECK(who_is_there.fetch(request).outcome == HttpOutcome::replied);  // its connection
        CHECK(fetch(server, "127.0.0.1", renewed.certificate_file).outcome == HttpOutcome::replied);
        CHECK(fetch(server, "127.0.0.1", files.certificate_file).outcome == HttpOutcome::not_sent);
    }

    TEST_CASE("a certificate that can't be used is named, and the old one stays") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "IP:127.0.0.1");
        RunningServer server(describe, tls_options(files));
        CHECK_THROWS_WITH_AS(server->renew_tls("/nonexistent.pem", files.private_key_file),
                             "cannot use `tls_certificate` /nonexistent.pem: no such file or "
                             "directory",
                             std::runtime_error);
        CHECK(fetch(server, "127.0.0.1", files.certificate_file).outcome == HttpOutcome::replied);
    }

    TEST_CASE("an operator reads which TLS file is wrong and how") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "one", "DNS:localhost");
        const auto other = make_certificate(directory.path(), "two", "DNS:localhost");
        const std::string empty = (directory.path() / "empty").string();
        const std::string text = (directory.path() / "text").string();
        std::ofstream(empty).flush();
        std::ofstream(text) << "not a certificate";

        CHECK(start_error({directory.path() / "absent", files.private_key_file}) ==
              "cannot use `tls_certificate` " + (directory.path() / "absent").string() +
                  ": no such file or directory");
        CHECK(start_error({files.certificate_file, empty}) ==
              "cannot use `tls_private_key` " + empty + ": the file is empty");
        CHECK(start_error({text, files.private_key_file}) ==
              "cannot use `tls_certificate` " + text + ": it holds no certificate in PEM form");
        CHECK(start_error({files.certificate_file, text}) ==
              "cannot use `tls_private_key` " + text +
                  ": it holds no private key in PEM form, or one that needs a password");
        CHECK(start_error({files.certificate_file, other.private_key_file}) ==
              "cannot use `tls_private_key` " + other.private_key_file +
                  ": it does not belong to the certificate " + files.certificate_file);
        CHECK(start_error({files.certificate_file, ""}) ==
              "`tls_certificate` and `tls_private_key` go together: set both or neither");
    }

    TEST_CASE("a CA file that is none is named") {
        HttpClientOptions options;
        options.ca_file = "/nonexistent/ca.pem";
        options.ca_setting = "trusted_ca";
        CHECK_THROWS_WITH_AS(
            HttpClient{options},
            "cannot use `trusted_ca` /nonexistent/ca.pem: no such file or directory",
            std::runtime_error);
    }
}
