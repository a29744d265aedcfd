#include "protocol/callback_error.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "base/failure.hpp"
#include "protocol/api_error.hpp"

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/callback_error");

static_assert(std::is_constructible_v<boost::system::error_code, CallbackError>);
static_assert(std::is_constructible_v<boost::system::error_condition, base::Failure>);

constexpr int last_error = static_cast<int>(CallbackError::not_an_echo);

TEST_CASE("every callback error has a sentence of its own that fits a log line") {
    std::set<std::string> sentences;
    for (int value = 1; value <= last_error; ++value) {
        const auto sentence = callback_category().message(value);
        CAPTURE(value);
        CHECK(sentence.size() > 10);
        CHECK(sentence.size() < 100);
        CHECK(sentence.find("unknown") == std::string::npos);
        CHECK(sentences.insert(sentence).second);
    }
    CHECK(callback_category().message(last_error + 1) == "unknown callback error 21");
    CHECK(callback_category().message(0) == "unknown callback error 0");
}

TEST_CASE("a refused callback is given up unless the setup is what is wrong") {
    const auto condition = [](CallbackError error) {
        return make_error_code(error).default_error_condition();
    };
    CHECK(condition(CallbackError::bad_signature) == base::Failure::give_up);
    CHECK(condition(CallbackError::bad_padding) == base::Failure::give_up);
    CHECK(condition(CallbackError::too_old) == base::Failure::give_up);
    CHECK(condition(CallbackError::no_such_app) == base::Failure::fix_setup);
    CHECK(condition(CallbackError::bad_key_length) == base::Failure::fix_setup);
    CHECK(condition(CallbackError::too_new) == base::Failure::fix_setup);
}

TEST_CASE("the categories are told apart by their ids and names") {
    CHECK(callback_category() != api_category());
    CHECK(callback_category() != base::failure_category());
    CHECK(std::string(callback_category().name()) == "wecom.callback");
    CHECK(std::string(api_category().name()) == "wecom.api");
    CHECK(std::string(base::failure_category().name()) == "hermes.failure");
    CHECK(make_error_code(CallbackError::not_xml) != api_error(3));
}

TEST_CASE("every kind of failure has a sentence") {
    for (int value = 1; value <= static_cast<int>(base::Failure::give_up); ++value) {
        CHECK(base::failure_category().message(value).find("unknown") == std::string::npos);
    }
    CHECK(base::failure_category().message(99) == "unknown kind of failure 99");
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
