// The chat page's server over HTTP. The gateway is not started: nothing here needs it.
#include "simulator/page_server/page_server.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <string>

#include "config/text_file.hpp"
#include "simulator/gateways/agent_section.hpp"
#include "simulator/simulation.hpp"
#include "support/http_socket.hpp"
#include "support/places.hpp"
#include "support/temp_directory.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;
using hermes::test::HttpSocket;
using hermes::test::RawMessage;

class PageRig {
public:
    PageRig()
        : simulation_({.run_directory = folder_.path().string(),
                       .plugins_directory = hermes::test::built_file("plugins"),
                       .executable = "/bin/false"},
                      [](int, const std::string&) {}),
          page_(simulation_, {.key = "secret"}) {
        page_.start();
    }
    ~PageRig() {
        page_.stop();
        simulation_.stop();
    }
    PageRig(const PageRig&) = delete;
    PageRig& operator=(const PageRig&) = delete;

    PageServer& page() { return page_; }
    Simulation& simulation() { return simulation_; }
    std::string host() const {
        const auto url = page_.url();
        const auto begin = url.find("//") + 2;
        return url.substr(begin, url.find('/', begin) - begin);
    }
    std::string port() const { return host().substr(host().find(':') + 1); }
    HttpSocket connect() const {
        return HttpSocket::connect(static_cast<std::uint16_t>(std::stoi(port())));
    }

    // As a browser sends it that was let in.
    std::string cookie() const {
        const auto let_in = answer("GET /?key=secret HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
        return let_in.field("set-cookie").substr(0, let_in.field("set-cookie").find(';'));
    }

    // As the page's own script sends it, but for `more` in the header.
    std::string get(const std::string& target, const std::string& more = {}) const {
        return "GET " + target + " HTTP/1.1\r\nHost: " + host() + "\r\nCookie: " + cookie() +
               "\r\n" + more + "\r\n";
    }
    std::string command(const std::string& body, const std::string& origin) const {
        return "POST /commands HTTP/1.1\r\nHost: " + host() + "\r\nCookie: " + cookie() +
               "\r\nX-Page-Key: secret\r\nOrigin: " + origin +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    RawMessage answer(const std::string& request) const {
        auto socket = connect();
        socket.send(request);
        return socket.read_message().value_or(RawMessage());
    }
    json::value run(const std::string& body) const {
        return json::parse(answer(command(body, "http://" + host())).body);
    }
    json::value snapshot() const {
        return json::parse(answer(get("/changes?after=0")).body).at("changes").at(0);
    }
    std::string newest() const {
        return std::to_string(
            json::parse(answer(get("/changes?after=0")).body).at("newest").to_number<long>());
    }

private:
    hermes::test::TempDirectory folder_;
    Simulation simulation_;
    PageServer page_;
};

}  // namespace

TEST_SUITE("simulator/page_server") {
    TEST_CASE("a page begins with everything there is") {
        const PageRig rig;
        const auto answer = rig.answer(rig.get("/changes?after=0"));
        CHECK(answer.status() == 200);
        CHECK(answer.field("content-type") == "application/json");
        CHECK(answer.field("cache-control") == "no-store");
        CHECK(answer.field("x-content-type-options") == "nosniff");
        const auto message = json::parse(answer.body);
        REQUIRE(message.at("changes").as_array().size() == 1);
        const auto& snapshot = message.at("changes").at(0);
        CHECK(snapshot.at("type") == "snapshot");
        CHECK(snapshot.at("apps").as_array().size() == 3);
        CHECK(snapshot.at("gateway").at("state") == "ended");
        CHECK(snapshot.at("agent").at("kind") == "echo");
    }

    TEST_CASE("what one tab does, all that wait hear of") {
        const PageRig rig;
        const auto newest = rig.newest();
        auto first = rig.connect();
        auto second = rig.connect();
        first.send(rig.get("/changes?after=" + newest));
        second.send(rig.get("/changes?after=" + newest));
        CHECK(rig.run(R"({"do": "fault", "name": "drop"})") == json::value{{"type", "done"}});
        for (auto* const tab : {&first, &second}) {
            const auto answer = tab->read_message();
            REQUIRE(answer);
            CHECK(answer->status() == 200);
            CHECK(answer->field("x-content-type-options") == "nosniff");
            const auto change = json::parse(answer->body).at("changes").at(0);
            CHECK(change.at("type") == "faults");
            CHECK(change.at("active").at(0).at("name") == "drop");
        }
    }

    TEST_CASE("a command that cannot be done says why") {
        const PageRig rig;
        const auto text = [&](const std::string& command) {
            const auto outcome = rig.run(command);
            CHECK(outcome.at("type") == "problem");
            return std::string(outcome.at("text").as_string());
        };
        CHECK(text("[1]") == "a command is a JSON object");
        CHECK(text(R"({"do": "dance"})") == "there is no such command");
        CHECK(text(R"({"do": "retry"})") == "the command needs a text `id`");
        CHECK(text(R"({"do": "state"})") == "the command ended without an answer");  // /bin/false
        CHECK(text(R"({"do": "revoke"})") == "the command needs a text `app`");
        CHECK(text(R"({"do": "agent", "kind": "command"})").find("command") != std::string::npos);
    }

    TEST_CASE("what somebody writes into config.yaml counts from the next start, and stays there") {
        PageRig rig;
        const auto file = rig.simulation().config_file();
        const auto made = read_text_file(file);
        const auto write = [&](const std::string& section) {
            write_private_file(file, replace_agent_section(made, section));
        };
        write("agent:\n  kind: command\n# mine\n  command: [sleep, \"1\"]\n  turns_max: 4\n");
        rig.run(R"({"do": "restart"})");
        CHECK(rig.snapshot().at("agent").at("kind") == "command");
        CHECK(rig.snapshot().at("agent").at("command").at(0) == "sleep");

        // Also without a start between: what the form does not show.
        write("agent:\n  kind: command\n  command: [sleep, \"1\"]\n  turns_max: 8\n");
        rig.run(R"({"do": "agent", "kind": "command", "command": ["true"], "output": "text",
                    "timeout_s": 60, "anyway": true})");
        CHECK(read_text_file(file) ==
              replace_agent_section(made,
                                    "agent:\n  kind: command\n  command: [\"true\"]\n"
                                    "  timeout: 60s\n  turns_max: 8\n"));
        CHECK(rig.snapshot().at("agent").at("timeout_s") == 60);
    }

    TEST_CASE("a key that is in a file stays where it is until the form names a variable") {
        PageRig rig;
        const auto file = rig.simulation().config_file();
        const auto key = file.parent_path() / "key";
        write_private_file(key, "a-key\n");
        AgentConfig agent;
        agent.kind = AgentKind::openai;
        agent.base_url = "http://127.0.0.1:9/v1";
        agent.model = "a-model";
        agent.api_key_file = key;
        write_private_file(
            file, replace_agent_section(read_text_file(file), format_agent_section(agent)));
        const auto use = [&](const std::string& variable) {
            rig.run(R"({"do": "agent", "kind": "openai", "base_url": "http://127.0.0.1:9/v1",
                        "model": "another", "system_prompt": "", "vision": false, "anyway": true,
                        "api_key_env": ")" +
                    variable + "\"}");
            return read_text_file(file);
        };
        CHECK(use("").find("  model: \"another\"\n  api_key_file: ") != std::string::npos);
        CHECK(rig.snapshot().at("agent").at("api_key_file") == json::value(key.string()));
        CHECK(use("PATH").find("api_key_file") == std::string::npos);
    }

    TEST_CASE("an agent that would leave config.yaml unreadable is not written") {
        PageRig rig;
        const auto file = rig.simulation().config_file();
        auto text = read_text_file(file);
        text.replace(text.find("\nagent:"), 7, "\n\"agent\":");
        write_private_file(file, text);
        const auto outcome = rig.run(R"({"do": "agent", "kind": "echo"})");
        CHECK(outcome.at("type") == "problem");
        CHECK(std::string(outcome.at("text").as_string()).find("given twice") != std::string::npos);
        CHECK(read_text_file(file) == text);
    }

    TEST_CASE("a port that is taken is told, with what chooses another") {
        const PageRig rig;
        PageRig second;
        PageServer page(second.simulation(),
                        {.port = static_cast<std::uint16_t>(std::stoi(rig.port()))});
        CHECK_THROWS_WITH(page.start(), doctest::Contains("--port chooses another"));
    }

    TEST_CASE("another page can neither follow nor command") {
        PageRig rig;
        const auto changes = [&](const std::string& more) {
            return rig.answer(rig.get("/changes?after=0", more));
        };
        for (const auto* const more :
             {"Origin: http://evil.example\r\n", "Origin: http://127.0.0.1:1\r\n",
              "Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n"}) {
            CHECK(changes(more).status() == 403);
        }
        CHECK(changes("Sec-Fetch-Site: same-origin\r\n").status() == 200);
        for (const auto* const origin : {"http://evil.example", "http://127.0.0.1:1", "null", ""}) {
            CHECK(rig.answer(rig.command(R"({"do": "fault", "name": "drop"})", origin)).status() ==
                  403);
        }
        CHECK(rig.simulation().wecom().faults().empty());
    }

    TEST_CASE("nobody without the key can follow or command") {
        const PageRig rig;
        CHECK(rig.answer("GET /changes?after=0 HTTP/1.1\r\nHost: " + rig.host() + "\r\n\r\n")
                  .status() == 403);
        CHECK(rig.answer("POST /commands HTTP/1.1\r\nHost: " + rig.host() + "\r\nOrigin: http://" +
                         rig.host() + "\r\nContent-Length: 2\r\n\r\n{}")
                  .status() == 403);
    }

    TEST_CASE("stopping answers the requests that are held, and at once") {
        PageRig rig;
        const auto newest = rig.newest();
        auto tab = rig.connect();
        tab.send(rig.get("/changes?after=" + newest));
        rig.newest();  // the server reads in the order in which requests arrive
        const auto begin = std::chrono::steady_clock::now();
        rig.page().stop();
        CHECK(std::chrono::steady_clock::now() - begin < hermes::test::patience / 2);
        const auto answer = tab.read_message();
        REQUIRE(answer);
        CHECK(answer->status() == 200);
        CHECK(answer->body == R"({"newest":)" + newest + R"(,"changes":[]})");
    }

    TEST_CASE("a chat is saved as a scenario, by who may look, once something was said in it") {
        PageRig rig;
        const std::string chat = "/scenario?app=assistant&user=zhangsan";
        CHECK(rig.answer(rig.get(chat)).status() == 404);
        rig.run(R"({"do": "fault", "name": "unreachable"})");
        rig.simulation().wecom().write("assistant", "zhangsan", text_message("hello"));
        const auto saved = rig.answer(rig.get(chat));
        CAPTURE(saved.body);
        CHECK(saved.field("content-disposition") ==
              "attachment; filename*=UTF-8''assistant-zhangsan.yaml");
        CHECK(
            saved.body.ends_with("steps:\n  - fault: \"unreachable\"\n"
                                 "  - write: \"hello\"\n    acknowledged: false\n"));
        CHECK(
            rig.answer("GET " + chat + " HTTP/1.1\r\nHost: " + rig.host() + "\r\n\r\n").status() ==
            403);
    }

    TEST_CASE("a file of each kind is kept as WeCom keeps it, and sent by its id") {
        PageRig rig;
        const auto upload = [&](const std::string& type, const std::string& content_type,
                                const std::string& bytes) {
            return rig.answer("POST /media?type=" + type + "&name=%E5%8F%91%E7%A5%A8+1.txt" +
                              " HTTP/1.1\r\nHost: " + rig.host() + "\r\nCookie: " + rig.cookie() +
                              "\r\nX-Page-Key: secret\r\nOrigin: http://" + rig.host() +
                              "\r\nContent-Type: " + content_type + "\r\nContent-Length: " +
                              std::to_string(bytes.size()) + "\r\n\r\n" + bytes);
        };
        const auto kept = upload("file", "text/html", "<script>");
        REQUIRE(kept.status() == 200);
        const std::string id(json::parse(kept.body).at("media_id").as_string());
        const auto media = rig.simulation().wecom().media(id);
        REQUIRE(media);
        CHECK(media->type == "file");
        CHECK(media->file_name == "发票 1.txt");
        CHECK(media->bytes == "<script>");

        // What somebody has sent is never a page of this address.
        const auto shown = rig.answer(rig.get("/media/" + id));
        CHECK(shown.field("content-type") == "application/octet-stream");
        CHECK(shown.field("content-disposition") == "attachment");
        CHECK(shown.body == "<script>");

        CHECK(upload("voice", "audio/amr", "#!AMR\n").status() == 200);
        CHECK(upload("video", "video/mp4", "a film").status() == 200);
        CHECK(upload("image", "image/png", "no picture").status() == 415);
        CHECK(upload("file", "text/plain", "12345").status() == 413);  // more than 5 bytes
        CHECK(upload("voice", "audio/amr", std::string(2 * 1024 * 1024 + 1, 'x')).status() == 413);
        CHECK(upload("file", "text/plain", std::string(20'000'001, 'x')).status() == 413);
        CHECK(upload("nonsense", "text/plain", "some bytes").status() == 413);

        for (const auto* kind : {"voice", "video", "file"}) {
            const auto missing = rig.run(std::string(R"({"do": ")") + kind +
                                         R"(", "app": "assistant", "user": "zhangsan",
                                             "media_id": "none"})");
            CHECK(missing.at("text") == "the file is not there any more");
        }
    }
}

}  // namespace hermes::host::simulator
