// Answers with files, from a real gateway that is killed at random moments: each that was asked for
// arrives, byte for byte, and once.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "crash/crash_rig.hpp"
#include "support/e2e_world.hpp"
#include "support/eventually.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::milliseconds;

constexpr int members = 6;
constexpr std::size_t file_bytes = 400'000;  // several chunks, and several pieces of an upload
constexpr const char* agent =
    "agent: {kind: command, notice_after: 0, command: [sh, files.sh]}\nlog: {level: warning}\n";
// Answers with a file that is its question over and over.
constexpr const char* script =
    "n=$(sed -n 's/.*\"text\":\"\\([^\"]*\\)\".*/\\1/p')\n"
    "yes \"$n\" | head -c 400000 > \"$HERMES_FILES/$n.txt\"\n"
    "echo \"here is $n\"\n"
    "echo \"MEDIA:$HERMES_FILES/$n.txt\"\n";

int kills() {
    return std::getenv("HERMES_LONG_TESTS") != nullptr ? 100 : 14;
}

std::string content_for(const std::string& question) {
    std::string content;
    while (content.size() < file_bytes) {
        content += question + '\n';
    }
    content.resize(file_bytes);
    return content;
}

// What was set aside after three kills in the middle of its turn: the operator's to decide.
std::set<std::string> questions_set_aside(const GatewayFiles& files) {
    const auto listed = files.state({"dead", "list", "--json"});
    REQUIRE(listed.exit_code == 0);
    std::set<std::string> questions;
    const auto list = boost::json::parse(listed.out);
    for (const auto& letter : list.as_array()) {
        CHECK(letter.at("side").as_string() == "inbox");
        questions.emplace(letter.at("content").as_string());
    }
    return questions;
}

// How often each file was seen. Every one has to be whole.
std::map<std::string, int> files_seen(const sim::WecomSimulator& wecom) {
    std::map<std::string, int> seen;
    for (const auto& delivered : wecom.deliveries()) {
        if (delivered.type != "file") {
            continue;
        }
        const auto question = delivered.file_name.substr(0, delivered.file_name.rfind('.'));
        const auto media = wecom.media(delivered.content);
        REQUIRE(media);
        CHECK(media->bytes == content_for(question));
        ++seen[question];
    }
    return seen;
}

}  // namespace

TEST_SUITE("crash") {
    TEST_CASE("killed at any moment, every answer's file arrives whole and once") {
        sim::WecomSimulator wecom(three_apps_world());
        wecom.start();
        GatewayFiles files(wecom.world(), wecom.api_base(), {}, agent);
        std::ofstream(files.directory() / "files.sh") << script;
        wecom.set_callback_url("hr", files.callback_url());

        const auto seed = std::random_device{}();
        std::mt19937 random(seed);
        std::cout << "crash test with files: seed " << seed << std::endl;
        std::set<std::string> asked;
        for (int round = 0; round < kills(); ++round) {
            GatewayProcess gateway(files.config());
            // Fewer questions than WeCom's 30 a minute to a member leave room for answers.
            if (round < 12) {
                for (int member = 0; member < members; ++member) {
                    const auto question =
                        "q" + std::to_string(round) + "-" + std::to_string(member);
                    if (wecom
                            .write("hr", "member" + std::to_string(member),
                                   sim::text_message(question))
                            .acknowledged) {
                        asked.insert(question);
                    }
                }
            }
            // A random moment, told by progress where there is some.
            const auto calls = [&] {
                return wecom.calls(sim::Call::upload_media) + wecom.calls(sim::Call::send_message);
            };
            const auto enough =
                calls() + std::uniform_int_distribution<std::size_t>(0, 3 * members)(random);
            const auto longest = std::uniform_int_distribution<int>(0, 1500)(random);
            wecom.wait_until([&] { return calls() >= enough; }, milliseconds{longest});
            gateway.kill();
        }

        GatewayProcess last(files.config());
        const auto missing = [&] {
            auto left = asked;
            for (const auto& [question, count] : files_seen(wecom)) {
                left.erase(question);
            }
            return left;
        };
        std::set<std::string> aside;
        CHECK(wait_for_replies(wecom, [&] {
            aside = questions_set_aside(files);
            auto left = missing();
            std::erase_if(left, [&](const auto& question) { return aside.contains(question); });
            return left.empty();
        }));
        CHECK(last.stop() == 0);

        int repeated = 0;
        const auto seen = files_seen(wecom);
        for (const auto& [question, count] : seen) {
            repeated += count - 1;
        }
        CHECK(repeated == 0);
        std::cout << "crash test with files: " << kills() << " kills, " << asked.size()
                  << " files asked for, " << seen.size() << " arrived whole, " << repeated
                  << " twice, " << aside.size() << " set aside after three kills" << std::endl;
    }
}

}  // namespace hermes::test
