// The tutorial's promises, through the door that a host uses.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>

#include <set>
#include <stdexcept>
#include <string>

#include "base/unique_fd.hpp"
#include "config/yaml_file.hpp"
#include "hermes/plugin.hpp"
#include "loader/platforms.hpp"
#include "loader/plugin_loader.hpp"
#include "support/eventually.hpp"

using namespace hermes;
using hermes::base::UniqueFd;
using hermes::test::Mailbox;

namespace {

class RecordingHost final : public AdapterHost {
public:
    void on_message(MessageEvent event) noexcept override { events.put(std::move(event)); }
    void log(LogLevel, std::string_view line) noexcept override { lines.put(std::string(line)); }
    const std::string& data_directory() const noexcept override { return folder_; }

    Mailbox<MessageEvent> events{};
    Mailbox<std::string> lines{};

private:
    std::string folder_ = "/nowhere";
};

class Client {
public:
    explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval patience{hermes::test::patience.count(), 0};
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        REQUIRE(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) ==
                0);
    }

    void write(std::string_view text) const {
        REQUIRE(::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(text.size()));
    }

    // Without its newline; "closed" at the end of the connection.
    std::string read_line() const {
        std::string line;
        for (char c = 0; ::recv(socket_.get(), &c, 1, 0) == 1; line += c) {
            if (c == '\n') {
                return line;
            }
        }
        return "closed";
    }

private:
    UniqueFd socket_;
};

PlatformSettings settings(std::string host, std::int64_t port, std::string greeting = "") {
    PlatformSettings settings;
    settings.values = {{"host", std::move(host)}, {"port", port}};
    if (!greeting.empty()) {
        settings.values.emplace("greeting", std::move(greeting));
    }
    return settings;
}

struct Fixture {
    explicit Fixture(const PlatformSettings& settings = ::settings("127.0.0.1", 0))
        : adapter(plugin.descriptor().create({host, settings, AdapterMode::gateway})) {
        adapter->start();
        const auto line = host.lines.take().value_or("nothing:0");
        port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
    }
    ~Fixture() { adapter->stop(std::chrono::steady_clock::now()); }

    MessageEvent heard() {
        const auto event = host.events.take();
        REQUIRE(event.has_value());
        return *event;
    }

    SendResult send(const std::string& chat, const std::string& text) {
        OutboundMessage message;
        message.chat = {chat};
        message.text = text;
        return send(std::move(message));
    }

    void reply(const MessageEvent& event, ReplyRole role) {
        OutboundMessage message;
        message.chat = event.chat;
        message.reply_to = event.id;
        message.role = role;
        message.text = "reply";
        CHECK(send(std::move(message)).status == SendStatus::delivered);
    }

    SendResult send(OutboundMessage message) {
        adapter->send(std::move(message), [this](const SendResult& r) { results.put(r); });
        const auto result = results.take();
        REQUIRE(result.has_value());
        return *result;
    }

    host::Plugin plugin{HERMES_ECHO_PLATFORM};
    RecordingHost host{};
    Mailbox<SendResult> results{};
    std::unique_ptr<PlatformAdapter> adapter;
    std::uint16_t port = 0;
};

}  // namespace

TEST_SUITE("echo_platform") {
    TEST_CASE("each line is an event and a reply is a line") {
        Fixture f;
        const Client client(f.port);
        client.write("hello\n你好\r\npart");
        const auto hello = f.heard();
        CHECK(hello.platform == "echo_platform");
        CHECK(hello.text == "hello");
        CHECK(hello.user_id == hello.chat.value);
        CHECK(hello.attempt == 1);
        const auto second = f.heard();
        CHECK(second.text == "你好");
        CHECK(second.chat == hello.chat);
        CHECK(second.id != hello.id);
        client.write("ial\n\n");
        CHECK(f.heard().text == "partial");
        CHECK(f.send(hello.chat.value, "echo: hello").status == SendStatus::delivered);
        CHECK(client.read_line() == "echo: hello");
    }

    TEST_CASE("no chat and no event has the name of one before the last start") {
        std::set<std::string> names;
        for (int run = 0; run < 2; ++run) {
            Fixture f;
            const Client client(f.port);
            client.write("hello\n");
            const auto hello = f.heard();
            names.insert({hello.chat.value, hello.id.value});
        }
        CHECK(names.size() == 4);
    }

    TEST_CASE("connections are chats of their own") {
        Fixture f(settings("127.0.0.1", 0, "welcome"));
        const Client first(f.port);
        CHECK(first.read_line() == "welcome");
        const Client second(f.port);
        CHECK(second.read_line() == "welcome");
        first.write("one\n");
        const auto one = f.heard();
        second.write("two\n");
        const auto two = f.heard();
        CHECK(one.chat != two.chat);
        f.send(two.chat.value, "for two");
        f.send(one.chat.value, "for one");
        CHECK(first.read_line() == "for one");
        CHECK(second.read_line() == "for two");
    }

    TEST_CASE("a turn begins on an event that is open, and on no other") {
        Fixture f;
        const Client client(f.port);
        client.write("one\ntwo\nthree\n");
        const auto one = f.heard();
        const auto two = f.heard();
        const auto three = f.heard();
        CHECK(f.adapter->begin(one.id));
        CHECK(f.adapter->begin(one.id));
        f.adapter->settle(one.id);
        CHECK_FALSE(f.adapter->begin(one.id));
        f.send(two.chat.value, "nothing of an event");
        CHECK(f.adapter->begin(two.id));
        f.reply(two, ReplyRole::interim);
        CHECK(f.adapter->begin(two.id));
        f.reply(two, ReplyRole::final_reply);
        CHECK_FALSE(f.adapter->begin(two.id));
        CHECK_FALSE(f.adapter->begin({"1-4"}));
        CHECK(f.adapter->begin(three.id));
        f.adapter->stop(std::chrono::steady_clock::now());
        CHECK_FALSE(f.adapter->begin(three.id));
    }

    TEST_CASE("stopping closes the connections") {
        Fixture f;
        const Client client(f.port);
        client.write("hello\n");
        f.heard();
        f.adapter->stop(std::chrono::steady_clock::now());
        CHECK(client.read_line() == "closed");
    }
}

TEST_SUITE("echo_platform refuses") {
    TEST_CASE("a chat that nobody is connected as") {
        Fixture f;
        const auto result = f.send("7", "hello");
        CHECK(result.status == SendStatus::failed);
        CHECK(result.error == SendError::not_found);
        CHECK(result.detail == "nobody is connected as chat 7");
    }

    TEST_CASE("what is no text, instead of sending the text alone") {
        Fixture f;
        const Client client(f.port);
        client.write("hello\n");
        OutboundMessage message;
        message.chat = f.heard().chat;
        message.text = "look";
        message.attachments = {{.kind = MessageKind::image, .path = "/x.png"}};
        auto result = f.send(message);
        CHECK(result.status == SendStatus::failed);
        CHECK(result.error == SendError::invalid);
        CHECK(result.detail == "the message has attachments or choices, and a line is text alone");
        message.attachments.clear();
        message.question = Question{"q", {{"y", "yes"}}};
        CHECK(f.send(message).error == SendError::invalid);
        message.question.reset();
        CHECK(f.send(message).status == SendStatus::delivered);
        CHECK(client.read_line() == "look");
    }

    TEST_CASE("a line that is too long, or no UTF-8") {
        Fixture f;
        const Client client(f.port);
        for (const auto* bad :
             {"\xff\xfe", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe4\xbd"}) {
            client.write(std::string(bad) + "\n");
        }
        client.write("good\n");
        CHECK(f.heard().text == "good");
        client.write(std::string(64 * 1024, 'x'));
        client.write(std::string(8 * 1024, 'x'));
        CHECK(client.read_line() == "closed");
    }

    TEST_CASE("an address that is not loopback, and a port that is none") {
        const auto& plugin = host::Plugin(HERMES_ECHO_PLATFORM);
        const auto check = plugin.descriptor().check;
        CHECK(check(settings("127.0.0.1", 0)).empty());
        CHECK(check(settings("0.0.0.0", 0)) ==
              std::vector<std::string>{"host: expected a loopback address such as 127.0.0.1"});
        host::Problems problems;
        host::settings_from(host::parse_yaml("port: 70000", ""), plugin, problems);
        CHECK(problems.errors ==
              std::vector<std::string>{
                  "platforms.echo_platform.extra.port: expected 0 to 65535, got 70000"});
    }

    TEST_CASE("a port that is taken, naming it") {
        Fixture f;
        const auto second = f.plugin.descriptor().create(
            {f.host, settings("127.0.0.1", f.port), AdapterMode::gateway});
        CHECK_THROWS_WITH_AS(second->start(),
                             ("port: cannot listen on 127.0.0.1:" + std::to_string(f.port) +
                              ": Address already in use")
                                 .c_str(),
                             std::runtime_error);
    }
}
