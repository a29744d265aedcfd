#include "support/tls_certificate.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace hermes::test {

namespace {

template <typename T, auto Free>
struct Deleter {
    void operator()(T* object) const { Free(object); }
};
template <typename T, auto Free>
using Owned = std::unique_ptr<T, Deleter<T, Free>>;

void require(bool done) {
    if (!done) {
        throw std::runtime_error("OpenSSL could not make the test's certificate");
    }
}

void add_extension(X509* certificate, int kind, const std::string& value) {
    const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

}  // namespace

TlsCertificate make_certificate(const std::filesystem::path& directory, const std::string& stem,
                                const std::string& name) {
    const Owned<EVP_PKEY, EVP_PKEY_free> key(EVP_EC_gen("P-256"));
    const Owned<X509, X509_free> certificate(X509_new());
    require(key && certificate);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    constexpr long hour = 3600;
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -hour);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * hour);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(stem.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate.get(), NID_subject_alt_name, name);
    require(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);

    const TlsCertificate files{(directory / (stem + ".crt")).string(),
                               (directory / (stem + ".key")).string()};
    const Owned<FILE, std::fclose> certificate_file(
        std::fopen(files.certificate_file.c_str(), "w"));
    const Owned<FILE, std::fclose> key_file(std::fopen(files.private_key_file.c_str(), "w"));
    require(certificate_file && key_file &&
            PEM_write_X509(certificate_file.get(), certificate.get()) == 1 &&
            PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                 nullptr) == 1);
    return files;
}

}  // namespace hermes::test
