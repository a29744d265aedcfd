#include "config/watch_config.hpp"

#include <doctest/doctest.h>

#include "config/yaml_file.hpp"

using namespace hermes::host;

namespace {

using Lines = std::vector<std::string>;

struct Read {
    WatchConfig watch;
    Lines errors;
};

Read read(std::string_view yaml) {
    Problems problems;
    const auto section = parse_yaml(yaml, "config.yaml");
    auto watch = read_watch(&section, problems);
    return {std::move(watch), problems.errors};
}

}  // namespace

TEST_SUITE("host_stub/config/watch_config") {
    TEST_CASE("without the section nobody watches, and with an empty one doctor does") {
        Problems problems;
        CHECK(read_watch(nullptr, problems).every.count() == 0);
        CHECK(read("").watch.every == std::chrono::minutes(5));
        CHECK(read("").watch.chat.empty());
    }

    TEST_CASE("an administrator is named by an account and a chat") {
        const auto [watch, errors] =
            read("every: 1m\ntell: hr:ww1:zhangsan\ncommand: [mail, -s, gateway, root]\n");
        CHECK(errors == Lines{});
        CHECK(watch.every == std::chrono::minutes(1));
        CHECK(watch.account == "hr");
        CHECK(watch.chat == "ww1:zhangsan");
        CHECK(watch.command == Lines{"mail", "-s", "gateway", "root"});
    }

    TEST_CASE("what is wrong is said") {
        for (const auto* tell : {"zhangsan", "':zhangsan'", "'hr:'"}) {
            const auto errors = read(std::string("tell: ") + tell).errors;
            REQUIRE(errors.size() == 1);
            CHECK(errors.front().starts_with("watch.tell: expected an account and a chat"));
        }
        CHECK(read("every: 0").errors.size() == 1);
        CHECK(read("every: soon").errors.size() == 1);
        CHECK(read("command: ['']").errors == Lines{"watch.command: expected a program first"});
        CHECK(read("tel: hr:ww1:a").errors == Lines{"watch.tel: unknown key, did you mean tell?"});
    }
}
