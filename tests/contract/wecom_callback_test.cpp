// What the door of wecom_callback lets out, where no check of any plugin can bring it about.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <typeinfo>

#include "config/yaml_file.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/state_inspector.hpp"
#include "loader/platforms.hpp"
#include "loader/plugin_loader.hpp"
#include "support/eventually.hpp"
#include "support/temp_directory.hpp"

using namespace hermes;

namespace {

class QuietHost final : public AdapterHost {
public:
    explicit QuietHost(std::string folder) : folder_(std::move(folder)) {}
    void on_message(MessageEvent) noexcept override {}
    void log(LogLevel, std::string_view) noexcept override {}
    const std::string& data_directory() const noexcept override { return folder_; }

private:
    std::string folder_;
};

PlatformSettings settings_for(const host::Plugin& plugin) {
    host::Problems problems;
    auto settings =
        host::settings_from(host::read_yaml_file(HERMES_WECOM_SETTINGS), plugin, problems);
    REQUIRE(problems.errors.empty());
    return settings;
}

// A final reply that nothing can be made of: its account is none of ours.
void lose_a_reply(const host::Plugin& plugin, QuietHost& host) {
    const auto adapter =
        plugin.descriptor().create({host, settings_for(plugin), AdapterMode::gateway});
    adapter->start();
    OutboundMessage message;
    message.chat = {"ww0123456789abcdef:alice"};
    message.account = "nobody";
    message.reply_to = EventId{"1"};
    message.text = "the answer";
    hermes::test::Mailbox<SendResult> results;
    adapter->send(std::move(message), [&](const SendResult& result) { results.put(result); });
    const auto result = results.take();
    REQUIRE(result.has_value());
    CHECK(result->status == SendStatus::failed);
    adapter->stop(std::chrono::steady_clock::now() + std::chrono::seconds(5));
}

}  // namespace

TEST_SUITE("wecom_callback/door") {
    TEST_CASE("what an inspector throws is a std::runtime_error and no class of the plugin's") {
        const hermes::test::TempDirectory folder;
        QuietHost host(folder.path().string());
        const host::Plugin plugin(HERMES_WECOM_CALLBACK);
        lose_a_reply(plugin, host);
        const auto inspector = extension_of<InspectState>(plugin.descriptor())
                                   ->inspect({host, settings_for(plugin), AdapterMode::send_only});
        const auto letters = inspector->dead_letters(10);
        REQUIRE(letters.size() == 1);
        std::string thrown;
        try {
            inspector->retry(letters.front().id);
        } catch (const std::exception& problem) {
            CHECK(typeid(problem) == typeid(std::runtime_error));
            thrown = problem.what();
        }
        CHECK(thrown.find("cannot be sent again") != std::string::npos);
        CHECK(inspector->retry_all({}) == 0);  // and leaves what can't be put back
        CHECK(inspector->dead_letters(10).size() == 1);
    }

    TEST_CASE("files of TLS begin at the folder of config.yaml, as those of secrets do") {
        const host::Plugin plugin(HERMES_WECOM_CALLBACK);
        host::HostConfig config;
        config.file = "/etc/hermes/config.yaml";
        host::PlatformConfig written;
        written.name = plugin.name();
        written.extra = host::parse_yaml(
            "{tls_certificate: tls/front.pem, tls_private_key: /run/key.pem, media_dir: media}",
            "config.yaml");
        config.platforms.push_back(written);
        host::Problems problems;
        const auto settings = host::settings_for(config, plugin, problems);
        CHECK(settings.text("tls_certificate") == "/etc/hermes/tls/front.pem");
        CHECK(settings.text("tls_private_key") == "/run/key.pem");
        CHECK(settings.text("media_dir") == "media");
        CHECK(host::complaint_about(plugin, "cannot use `tls_certificate`")
                  .starts_with("platforms.wecom_callback.extra: cannot"));
        CHECK(host::complaint_about(plugin, "port is taken")
                  .starts_with("platforms.wecom_callback.extra.port"));
    }
}
