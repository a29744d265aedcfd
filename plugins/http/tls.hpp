// TLS as this project uses it: version 1.2 or later, with files that are named when they are wrong.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <cstddef>
#include <string>

namespace hermes::http {

// TLS makes a record of each buffer; one record for head and body is worth the copy.
inline constexpr std::size_t tls_body_bytes_joined = std::size_t{8} * 1024;

// Both throw std::runtime_error with a sentence that names the setting and the file.
boost::asio::ssl::context make_tls_server_context(const std::string& certificate_file,
                                                  const std::string& private_key_file);

// Verifies against the system's CA store, and `ca_file` if it is not empty; `setting` is what the
// operator calls it.
boost::asio::ssl::context make_tls_client_context(const std::string& ca_file,
                                                  const std::string& setting);

}  // namespace hermes::http
