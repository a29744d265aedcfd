#include "integration/delivery/wecom_front.hpp"

#include <utility>

namespace hermes::test {

WecomFront::WecomFront(std::string api_base, Alter alter)
    : api_base_(std::move(api_base)), alter_(std::move(alter)) {}

WecomFront::~WecomFront() {
    stop();
}

void WecomFront::serve(const std::optional<TlsCertificate>& certificate) {
    stop();
    http::HttpServerOptions options;
    options.port = port_;
    if (certificate) {
        options.tls_certificate = certificate->certificate_file;
        options.tls_private_key = certificate->private_key_file;
    }
    server_ = std::make_unique<http::HttpServer>(
        options, [this](const http::HttpRequest& request, http::Responder respond) {
            pass_on(request, std::move(respond));
        });
    server_->start();
    port_ = server_->port();
}

void WecomFront::stop() {
    if (server_) {
        server_->stop(std::chrono::steady_clock::now());
        server_.reset();
    }
}

void WecomFront::pass_on(const http::HttpRequest& request, http::Responder respond) {
    http::HttpClientRequest inner;
    inner.method = request.method();
    inner.url = api_base_ + std::string(request.target());
    inner.headers.emplace_back("Content-Type", request.header("Content-Type"));
    inner.body = request.body();
    // Shared: a std::function must be copyable, and a Responder is not.
    auto answer = std::make_shared<http::Responder>(std::move(respond));
    client_.send(std::move(inner), [this, answer](http::HttpClientReply reply) {
        if (alter_) {
            alter_(reply.body);
        }
        (*answer)({.status = reply.status, .body = std::move(reply.body)});
    });
}

}  // namespace hermes::test
