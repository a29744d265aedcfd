#include "http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>

#include <boost/asio/ssl/error.hpp>
#include <boost/system/error_code.hpp>
#include <cerrno>
#include <fstream>
#include <stdexcept>

#include "base/error_text.hpp"

namespace hermes::http {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;

namespace {

[[noreturn]] void refuse(const std::string& setting, const std::string& file,
                         const std::string& reason) {
    throw std::runtime_error("cannot use `" + setting + "` " + file + ": " + reason);
}

// OpenSSL says "no such file" and "no PEM inside" in ways that only OpenSSL's authors enjoy.
void require_readable(const std::string& setting, const std::string& file) {
    errno = 0;
    std::ifstream probe(file);
    if (!probe || probe.peek() == std::ifstream::traits_type::eof()) {
        refuse(setting, file,
               errno != 0 ? base::error_text({errno, boost::system::generic_category()})
                          : "the file is empty");
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
    if (certificate_file.empty() || private_key_file.empty()) {
        throw std::runtime_error(
            "`tls_certificate` and `tls_private_key` go together: set both or neither");
    }
    ssl::context context(ssl::context::tls_server);
    require_tls12(context);
    require_readable("tls_certificate", certificate_file);
    require_readable("tls_private_key", private_key_file);
    error_code ec;
    // Without this OpenSSL asks for the password on the terminal, and the start hangs.
    context.set_password_callback(
        [](std::size_t, ssl::context::password_purpose) { return std::string(); }, ec);
    if (context.use_certificate_chain_file(certificate_file, ec); ec) {
        refuse("tls_certificate", certificate_file, "it holds no certificate in PEM form");
    }
    if (context.use_private_key_file(private_key_file, ssl::context::pem, ec); ec) {
        const bool mismatch =
            ec.category() == asio::error::get_ssl_category() &&
            ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == X509_R_KEY_VALUES_MISMATCH;
        refuse("tls_private_key", private_key_file,
               mismatch ? "it does not belong to the certificate " + certificate_file
                        : "it holds no private key in PEM form, or one that needs a password");
    }
    return context;
}

ssl::context make_tls_client_context(const std::string& ca_file, const std::string& setting) {
    ssl::context context(ssl::context::tls_client);
    require_tls12(context);
    context.set_verify_mode(ssl::verify_peer);
    context.set_default_verify_paths();
    if (!ca_file.empty()) {
        require_readable(setting, ca_file);
        error_code ec;
        if (context.load_verify_file(ca_file, ec); ec) {
            refuse(setting, ca_file, "it holds no certificate in PEM form");
        }
    }
    return context;
}

}  // namespace hermes::http
