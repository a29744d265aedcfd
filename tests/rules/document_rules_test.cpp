// What a document says of this tree is so.
#include <doctest/doctest.h>

#include <boost/regex.hpp>
#include <filesystem>
#include <string>

#include "rules/sources.hpp"
#include "support/places.hpp"

namespace hermes::test {

namespace {

namespace fs = std::filesystem;

}  // namespace

TEST_SUITE("rules/documents") {
    TEST_CASE("a document has one title") {
        for (const auto& file : sources({".md"})) {
            CAPTURE(file.path);
            std::size_t titles = 0;
            bool code = false;
            for (const auto& line : file.lines) {
                code = line.starts_with("```") ? !code : code;
                titles += !code && line.starts_with("# ") ? 1 : 0;
            }
            CHECK(titles == 1);
        }
    }

    TEST_CASE("a test that a document names is there") {
        static const boost::regex place(R"(tests/[\w./-]*\w)");
        std::string missing;
        for (const auto& file : sources({".md"})) {
            for (const auto& line : file.lines) {
                for (boost::sregex_iterator word(line.begin(), line.end(), place), end; word != end;
                     ++word) {
                    if (!fs::exists(source_file(word->str()))) {
                        missing += word->str() + ' ';
                    }
                }
            }
        }
        CHECK_MESSAGE(missing == "", "name the test as it is called now: ", missing);
    }

    TEST_CASE("what a document shows or refers to is there, and its drawings are small") {
        static const boost::regex link(R"(\]\(([^)#:\s]+)(#[^)]*)?\))");
        std::string missing;
        for (const auto& file : sources({".md"})) {
            const auto folder = fs::path(file.path).parent_path();
            for (const auto& written : file.lines) {
                const auto line = boost::regex_replace(written, boost::regex("`[^`]*`"), "");
                for (boost::sregex_iterator found(line.begin(), line.end(), link), end;
                     found != end; ++found) {
                    const auto place = source_file((folder / (*found)[1].str()).string());
                    if (!fs::exists(place)) {
                        missing += file.path + ": " + (*found)[1].str() + '\n';
                    } else if (place.ends_with(".svg")) {
                        CHECK(fs::file_size(place) < 20'000);
                    }
                }
            }
        }
        CHECK_MESSAGE(missing == "", "put it there, or take the link away: ", missing);
    }
}

}  // namespace hermes::test
