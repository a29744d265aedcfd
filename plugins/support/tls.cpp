#include "support/tls.hpp"

#include <openssl/ssl.h>

#include <boost/system/error_code.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace hermes::support {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

namespace {

[[noreturn]] void refuse(const char* setting, const std::string& file, const std::string& reason) {
    throw std::runtime_error(std::string("cannot use `") + setting + "` " + file + ": " + reason);
}

// OpenSSL says "no such file" and "no PEM inside" in ways that only OpenSSL's authors enjoy.
void require_readable(const char* setting, const std::string& file) {
    errno = 0;
    std::ifstream probe(file);
    if (!probe || probe.peek() == std::ifstream::traits_type::eof()) {
        refuse(setting, file, errno != 0 ? std::strerror(errno) : "the file is empty");
    }
}

void require_tls12(ssl::context& context) {
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // An idle connection then holds no record buffers: 34 KiB each.
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
}

}  // namespace

ssl::context make_tls_server_context(const std::string& certificate_file,
                                     const std::string& private_key_file) {
    ssl::context context(ssl::context::tls_server);
    require_tls12(context);
    require_readable("tls_certificate", certificate_file);
    require_readable("tls_private_key", private_key_file);
    error_code ec;
    // Without this OpenSSL asks for the password on the terminal, and the start hangs.
    context.set_password_callback(
        [](std::size_t, ssl::context::password_purpose) { return std::string(); }, ec);
    if (context.use_certificate_chain_file(certificate_file, ec); ec) {
        refuse("tls_certificate", certificate_file,
               "it holds no certificate in PEM form (" + ec.message() + ")");
    }
    if (context.use_private_key_file(private_key_file, ssl::context::pem, ec); ec) {
        refuse("tls_private_key", private_key_file,
               "it holds no private key in PEM form that works without a password and belongs to "
               "the certificate (" +
                   ec.message() + ")");
    }
    if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
        refuse("tls_private_key", private_key_file,
               "it does not belong to the certificate " + certificate_file);
    }
    return context;
}

ssl::context make_tls_client_context(const std::string& ca_file) {
    ssl::context context(ssl::context::tls_client);
    require_tls12(context);
    context.set_verify_mode(ssl::verify_peer);
    context.set_default_verify_paths();
    if (!ca_file.empty()) {
        require_readable("ca_file", ca_file);
        error_code ec;
        if (context.load_verify_file(ca_file, ec); ec) {
            refuse("ca_file", ca_file, "it holds no certificate in PEM form");
        }
    }
    return context;
}

}  // namespace hermes::support
