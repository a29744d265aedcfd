// A certificate that signs itself, made for one test.
#pragma once

#include <filesystem>
#include <string>

namespace hermes::test {

struct TlsCertificate {
    std::string certificate_file;  // PEM
    std::string private_key_file;  // PEM, without a password
};

// `name` is the subject alternative name as OpenSSL writes it: "DNS:localhost" or "IP:127.0.0.1".
// The files are `stem`.crt and `stem`.key in `directory`.
TlsCertificate make_certificate(const std::filesystem::path& directory, const std::string& stem,
                                const std::string& name);

}  // namespace hermes::test
