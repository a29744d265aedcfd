// A server in front of the simulator: HTTPS with a certificate of the test's choice, or answers
// that the simulator never gives.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/http_client.hpp"
#include "http/http_server.hpp"
#include "support/tls_certificate.hpp"

namespace hermes::test {

class WecomFront {
public:
    // Changes the body of an answer on its way.
    using Alter = std::function<void(std::string& body)>;

    explicit WecomFront(std::string api_base, Alter alter = {});
    ~WecomFront();

    // Serves from now on, on the same port as before; with the certificate if there is one.
    void serve(const std::optional<TlsCertificate>& certificate = std::nullopt);

    std::uint16_t port() const noexcept { return port_; }

private:
    void stop();
    void pass_on(const http::HttpRequest& request, http::Responder respond);

    std::string api_base_;
    Alter alter_;
    std::uint16_t port_ = 0;
    http::HttpClient client_;
    std::unique_ptr<http::HttpServer> server_;
};

}  // namespace hermes::test
