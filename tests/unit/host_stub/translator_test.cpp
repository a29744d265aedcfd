#include "output/translator.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "chinese/chinese_rows.hpp"

using namespace hermes;
using host::Translator;

namespace {

Translator german() {
    static constexpr Translation german_rows[] = {
        {"stopped", "beendet"},
        {"app {} sends again", "{1} sendet wieder"},
        {"{} of {#} in {}", "{3}: {1} ({2})"},
        {"app {} of corp {} sends again", "{1} von {2} sendet wieder"},
        {"no answer: {}", "keine Antwort: {1}"},
        {"it costs {#}", "kostet {1} {2} {x}"},
    };
    Translator words;
    words.add(german_rows);
    return words;
}

}  // namespace

TEST_SUITE("host_stub/translator") {
    TEST_CASE("a sentence is shown as its row has it, any other as it is") {
        CHECK(german()("stopped") == "beendet");
        CHECK(german()("Stopped") == "Stopped");
        CHECK(german()("") == "");
        CHECK(Translator()("stopped") == "stopped");
    }

    TEST_CASE("a gap stands for anything, in any order, and a number gap for a number only") {
        CHECK(german()("app hr sends again") == "hr sendet wieder");
        CHECK(german()("two of 17 in all") == "all: two (17)");
        CHECK(german()("two of many in all") == "two of many in all");
        CHECK(german()("app  sends again") == " sendet wieder");
    }

    TEST_CASE("of two rows that fit, the one with more words of its own is meant") {
        CHECK(german()("app hr of corp ww1 sends again") == "hr von ww1 sendet wieder");
    }

    TEST_CASE("what stands in a gap is looked up too") {
        CHECK(german()("no answer: app a sends again") == "keine Antwort: a sendet wieder");
        CHECK(german()("no answer: no answer: app a sends again") ==
              "keine Antwort: keine Antwort: a sendet wieder");
    }

    TEST_CASE("a single word in a gap may be a name, and stays") {
        CHECK(german()("no answer: stopped") == "keine Antwort: stopped");
    }

    TEST_CASE("an operator reads in Chinese that the agent's endpoint answers") {
        Translator chinese;
        chinese.add(chinese_rows());
        CHECK(chinese("http://127.0.0.1:8642/v1 answers") == "http://127.0.0.1:8642/v1 有应答");
    }

    TEST_CASE("a mark that names no gap is shown as it is") {
        CHECK(german()("it costs 5") == "kostet 5 {2} {x}");
    }
}
