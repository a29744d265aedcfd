// The alerts and the dashboard as Prometheus reads them: by promtool, of Debian's package
// prometheus, which tests/run.sh has at hand.
#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "e2e/gateway_rig.hpp"
#include "support/places.hpp"
#include "support/temp_directory.hpp"

namespace hermes::test {

namespace {

bool has_promtool() {
    if (find_program("promtool").empty()) {
        MESSAGE("left out: promtool is not installed (Debian's prometheus)");
        return false;
    }
    return true;
}

void check_promtool(std::vector<std::string> words, const std::string& input = {}) {
    words.insert(words.begin(), "promtool");
    const auto finished = run_program(words, {}, input);
    CAPTURE(finished.out);
    CAPTURE(finished.err);
    CHECK(finished.exit_code == 0);
}

// As Grafana would ask, for all apps.
std::vector<std::string> dashboard_queries() {
    static const std::regex query(R"rx("expr": "((?:[^"\\]|\\.)*)")rx");
    std::ostringstream text;
    text << std::ifstream(source_file("docs/monitoring/dashboard.json")).rdbuf();
    const auto dashboard = text.str();
    std::vector<std::string> queries;
    for (std::sregex_iterator found(dashboard.begin(), dashboard.end(), query), end; found != end;
         ++found) {
        auto one = std::regex_replace((*found)[1].str(), std::regex(R"(\\")"), "\"");
        one = std::regex_replace(one, std::regex(R"(\$__rate_interval)"), "5m");
        queries.push_back(std::regex_replace(one, std::regex(R"(\$app)"), ".*"));
    }
    REQUIRE(queries.size() > 20);
    return queries;
}

// For `promtool test rules`: the scrape has been the same for ten minutes, and each query has
// something to show.
std::string queries_of(const std::string& scrape) {
    std::ostringstream test;
    test << "tests:\n- interval: 1m\n  input_series:\n";
    std::istringstream lines(scrape);
    for (std::string line; std::getline(lines, line);) {
        const auto space = line.rfind(' ');
        if (line.starts_with('#') || space == std::string::npos) {
            continue;
        }
        test << "  - series: '" << line.substr(0, space) << "'\n    values: '";
        for (int minute = 0; minute <= 10; ++minute) {
            test << line.substr(space) << ' ';
        }
        test << "'\n";
    }
    test << "  promql_expr_test:\n";
    for (const auto& query : dashboard_queries()) {
        test << "  - expr: 'count(" << query << ") > bool 0'\n    eval_time: 10m\n"
             << "    exp_samples: [{labels: '{}', value: 1}]\n";
    }
    return test.str();
}

// What gateways that share a database all show of it, as two of them do: three of each.
std::string queries_of_two_gateways() {
    std::ostringstream test;
    test << "tests:\n- interval: 1m\n  input_series:\n";
    std::ostringstream expected;
    for (const std::string name : {"wecom_dead_letters", "wecom_waiting", "wecom_app_paused"}) {
        for (const auto* instance : {"a", "b"}) {
            test << "  - series: '" << name << "{app=\"hr\",side=\"inbox\",instance=\"" << instance
                 << "\"}'\n    values: '3'\n";
        }
        int asked = 0;
        for (const auto& query : dashboard_queries()) {
            if (query.find(name + '{') != std::string::npos) {
                ++asked;
                expected << "  - expr: 'sum(" << query << ")'\n    eval_time: 0m\n"
                         << "    exp_samples: [{labels: '{}', value: 3}]\n";
            }
        }
        CAPTURE(name);
        CHECK(asked > 0);
    }
    return test.str() + "  promql_expr_test:\n" + expected.str();
}

}  // namespace

TEST_SUITE("e2e/prometheus") {
    TEST_CASE("each alert fires for what it is there for, and for nothing else") {
        if (has_promtool()) {
            check_promtool({"check", "rules", source_file("docs/monitoring/alerts.yaml")});
            check_promtool({"test", "rules", source_file("tests/e2e/alerts.test.yaml")});
        }
    }

    TEST_CASE("what gateways on one database all show is not added up on the dashboard") {
        if (has_promtool()) {
            const TempDirectory directory;
            const auto test = directory.path() / "gateways.test.yaml";
            std::ofstream(test) << queries_of_two_gateways();
            check_promtool({"test", "rules", test.string()});
        }
    }

    TEST_CASE("Prometheus takes a scrape, and each query of the dashboard finds something in it") {
        if (!has_promtool()) {
            return;
        }
        GatewayRig rig;
        CHECK(rig.write("hr", "alice", "hello"));
        CHECK(rig.answer("hr", "alice") == "echo: hello");
        const auto url = "http://127.0.0.1:" + std::to_string(rig.files.port()) + "/metrics";
        std::string scrape;
        CHECK(eventually([&] {  // the figures come a moment after what they count
            scrape = fetch("GET", url).body;
            return scrape.find("wecom_delivery_attempts_total{app=\"hr\",code=\"0\"} 1") !=
                   std::string::npos;
        }));
        CHECK(rig.gateway->stop() == 0);
        check_promtool({"check", "metrics"}, scrape);
        const TempDirectory directory;
        const auto test = directory.path() / "dashboard.test.yaml";
        std::ofstream(test) << queries_of(scrape);
        check_promtool({"test", "rules", test.string()});
    }
}

}  // namespace hermes::test
