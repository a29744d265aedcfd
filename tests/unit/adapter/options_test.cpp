#include "settings/options.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "settings_json.hpp"
#include "support/chinese.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_certificate.hpp"
#include "support/wecom_settings.hpp"

namespace hermes::test {
namespace {

std::vector<std::string> problems_with(const boost::json::object& files) {
    auto settings = three_apps_json();
    for (const auto& [key, file] : files) {
        settings[key] = file;
    }
    auto problems = wecom::file_problems(wecom_settings(settings));
    for (const auto& problem : problems) {
        check_chinese(problem);
    }
    return problems;
}

}  // namespace

TEST_SUITE("adapter/options") {
    TEST_CASE("a file that a start would refuse is a problem before it") {
        const TempDirectory directory;
        const auto ours = make_certificate(directory.path(), "ours", "IP:127.0.0.1");
        const auto other = make_certificate(directory.path(), "other", "IP:127.0.0.1");
        using Lines = std::vector<std::string>;
        CHECK(problems_with({}) == Lines{});
        CHECK(problems_with({{"tls_certificate", ours.certificate_file},
                             {"tls_private_key", ours.private_key_file},
                             {"api_ca_file", other.certificate_file}}) == Lines{});
        CHECK(problems_with({{"tls_certificate", "/nowhere/hermes.pem"},
                             {"tls_private_key", ours.private_key_file}}) ==
              Lines{"cannot use `tls_certificate` /nowhere/hermes.pem: no such file or directory"});
        CHECK(problems_with({{"tls_certificate", ours.certificate_file},
                             {"tls_private_key", other.private_key_file}}) ==
              Lines{"cannot use `tls_private_key` " + other.private_key_file +
                    ": it does not belong to the certificate " + ours.certificate_file});
        CHECK(problems_with({{"api_ca_file", "/nowhere/ca.pem"}}) ==
              Lines{"cannot use `api_ca_file` /nowhere/ca.pem: no such file or directory"});
    }

    TEST_CASE("a file that may be there for the gateway and not for this command is passed over") {
        CHECK(problems_with({{"tls_certificate", "of_another_folder.pem"},
                             {"tls_private_key", "of_another_folder.key"},
                             {"api_ca_file", "of_another_folder.pem"}})
                  .empty());
    }
}

}  // namespace hermes::test
