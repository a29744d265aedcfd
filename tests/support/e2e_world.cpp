#include "support/e2e_world.hpp"

#include <fstream>
#include <sstream>

#include "support/free_port.hpp"
#include "support/places.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

sim::App app(const std::string& name, const std::string& corp, std::int64_t agent) {
    sim::App made;
    made.name = name;
    made.corp_id = corp;
    made.agent_id = agent;
    made.corp_secret = base::Secret("corp-secret-of-" + name);
    made.callback_token = base::Secret("callbackTokenOf" + name);
    auto key = name + "0123456789012345678901234567890123456789012";
    key.resize(42);
    made.encoding_aes_key = base::Secret(key + "A");
    made.callback_url = "http://127.0.0.1:1/wecom/callback";  // replaced once the adapter listens
    return made;
}

std::string indented(const std::string& lines, const std::string& by) {
    std::istringstream in(lines);
    std::string out;
    for (std::string line; std::getline(in, line);) {
        out += by + line + '\n';
    }
    return out;
}

}  // namespace

sim::World three_apps_world() {
    sim::World world;
    world.corps = {{"ww1", "One"}, {"ww2", "Two"}};
    world.apps = {app("hr", "ww1", 1000002), app("it", "ww1", 1000003),
                  app("sales", "ww2", 1000002)};
    for (const auto* corp : {"ww1", "ww2"}) {
        world.members.push_back({corp, "alice", "alice", {2}});
        world.members.push_back({corp, "bob", "bob", {2}, {3}});
        for (int i = 0; i < 60; ++i) {
            const auto user = "member" + std::to_string(i);
            world.members.push_back({corp, user, user});
        }
    }
    return world;
}

GatewayFiles::GatewayFiles(const sim::World& world, const std::string& api_base,
                           const std::string& extra, const std::string& top)
    : port_(free_port()), api_base_(api_base) {
    write(world, extra, top);
}

void GatewayFiles::write(const sim::World& world, const std::string& extra,
                         const std::string& top) {
    std::ofstream yaml(config(), std::ios::trunc);
    std::filesystem::permissions(config(), std::filesystem::perms(0600));  // it holds secrets
    yaml << "plugins_dir: " << built_file("plugins") << "\n"
         << "data_dir: data\n"
         << top << "platforms:\n  wecom_callback:\n    enabled: true\n    extra:\n"
         << "      host: 127.0.0.1\n      port: " << port_ << "\n      api_base: " << api_base_
         << "\n      allow_all_users: true\n"
         << indented(extra, "      ") << "      apps:\n";
    for (const auto& made : world.apps) {
        yaml << "        - name: " << made.name << "\n          corp_id: " << made.corp_id
             << "\n          corp_secret: " << made.corp_secret.expose_secret()
             << "\n          agent_id: " << made.agent_id
             << "\n          token: " << made.callback_token.expose_secret()
             << "\n          encoding_aes_key: " << made.encoding_aes_key.expose_secret() << '\n';
    }
}

Finished GatewayFiles::state(std::vector<std::string> words) const {
    words.insert(words.begin(), "state");
    words.insert(words.end(), {"--config", config().string()});
    return run_host(words);
}

std::string GatewayFiles::log() const {
    std::ostringstream text;
    text << std::ifstream(directory() / "gateway.log").rdbuf();
    return text.str();
}

}  // namespace hermes::test
