#include "simulator/demo_world.hpp"

#include <sstream>

#include "simulator/wecom/wecom_crypt.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::size_t corp_id_random = 16;
constexpr std::size_t secret_length = 43;  // as WeCom's are
constexpr std::size_t callback_token_length = 24;

App make_app(std::string name, const Corp& corp, std::int64_t agent_id, std::uint16_t port) {
    return {.name = std::move(name),
            .corp_id = corp.id,
            .agent_id = agent_id,
            .corp_secret = base::Secret(random_text(secret_length)),
            .callback_token = base::Secret(random_text(callback_token_length)),
            .encoding_aes_key = base::Secret(random_text(Cipher::key_characters)),
            .callback_url = "http://127.0.0.1:" + std::to_string(port) + "/wecom/callback"};
}

// `, parties: [2, 3]`, or nothing.
std::string list_of(const char* key, const std::vector<std::int64_t>& numbers) {
    std::string text;
    for (const auto number : numbers) {
        text += (text.empty() ? "" : ", ") + std::to_string(number);
    }
    return text.empty() ? "" : std::string(", ") + key + ": [" + text + ']';
}

}  // namespace

World demo_world(std::uint16_t port) {
    const Corp tea{"ww" + random_text(corp_id_random), "Red Lantern Tea 红灯笼茶业"};
    const Corp software{"ww" + random_text(corp_id_random), "青山科技 Greenhill"};
    return {
        .corps = {tea, software},
        .apps = {make_app("assistant", tea, 1000002, port), make_app("it-help", tea, 1000003, port),
                 make_app("sales", software, 1000002, port)},
        .members = {{tea.id, "zhangsan", "张三", {2}, {1}},
                    {tea.id, "lisi", "李四", {2}},
                    {tea.id, "alice", "Alice Chen"},
                    {software.id, "zhangsan", "张三丰"},
                    {software.id, "wangwu", "王五"},
                    {software.id, "bob", "Bob Miller"}}};
}

std::string format_gateway_config(const World& world, std::uint16_t port) {
    std::ostringstream out;
    out << "# Made by `hermes-host-stub simulate`, with secrets that are good for nothing else.\n"
           "# Change it as you like; delete it and the next run makes a new one.\n"
           "plugins_dir: plugins\n"
           "data_dir: data\n"
           "agent: {kind: echo}\n"
           "platforms:\n"
           "  wecom_callback:\n"
           "    enabled: true\n"
           "    extra:\n"
           "      host: 127.0.0.1\n"
           "      port: "
        << port
        << "\n"
           "      allow_all_users: true\n"
           "      apps:\n";
    for (const auto& app : world.apps) {
        out << "        - name: " << app.name << "\n          corp_id: " << app.corp_id
            << "\n          corp_secret: " << app.corp_secret.expose_secret()
            << "\n          agent_id: " << app.agent_id
            << "\n          token: " << app.callback_token.expose_secret()
            << "\n          encoding_aes_key: " << app.encoding_aes_key.expose_secret() << "\n";
    }
    return out.str();
}

std::string format_names(const World& world) {
    std::ostringstream out;
    out << "# What the simulator shows instead of ids. Members may be added.\ncorps:\n";
    for (const auto& corp : world.corps) {
        out << "  - {id: " << corp.id << ", name: \"" << corp.name << "\"}\n";
    }
    out << "members:\n";
    for (const auto& member : world.members) {
        out << "  - {corp: " << member.corp_id << ", user: " << member.user_id << ", name: \""
            << member.name << '"' << list_of("parties", member.parties)
            << list_of("tags", member.tags) << "}\n";
    }
    return out.str();
}

}  // namespace hermes::host::simulator
