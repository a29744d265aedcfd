#include "config/agent_config.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <utility>

#include "config/secret_file.hpp"
#include "config/section.hpp"
#include "config/setting_value.hpp"
#include "config/variables.hpp"
#include "http/http_url.hpp"

namespace hermes::host {
namespace {

using enum SettingType;

constexpr std::array agent_rows{
    optional_setting("kind", string, "echo", "echo, command or openai"),
    optional_setting("command", string_list, nullptr,
                     "program and arguments of kind command, relative to this file"),
    optional_setting("output", string, "text",
                     "of kind command: text, or json for an object a line"),
    optional_setting("files", string_list, nullptr,
                     "folders from which files may be sent, relative to this file, beside the one "
                     "that each answer has"),
    optional_setting("timeout", duration, "45m", "longest time for one answer",
                     {.low = 1, .high = 30LL * 24 * 3600}),
    optional_setting("base_url", string, nullptr, "of kind openai, up to /v1"),
    optional_setting("model", string, nullptr, "of kind openai"),
    optional_setting("api_key_env", string, nullptr,
                     "name of the variable that holds the key, of kind openai"),
    optional_setting("api_key_file", string, nullptr,
                     "file that holds the key instead, of kind openai"),
    optional_setting("system_prompt", string, nullptr,
                     "first message of every chat, of kind openai"),
    optional_setting("vision", boolean, "false", "show pictures to the model, of kind openai"),
};

// Of `agent` alone: they count for all that is answered.
constexpr std::array shared_rows{
    optional_setting("notice_after", duration, "20s",
                     "tell the member after this time that work goes on; 0: never",
                     {.low = 0, .high = 365LL * 24 * 3600}),
    optional_setting("notice_every", duration, "5m", "and again each time; 0: only once",
                     {.low = 0, .high = 365LL * 24 * 3600}),
    optional_setting("notice_zh", string, nullptr, "what is said then to who writes Chinese"),
    optional_setting("notice_en", string, nullptr, "and to everybody else"),
    optional_setting("turns_max", integer, "32", "answers that are worked on side by side",
                     {.low = 1, .high = 1'000}),
};

constexpr std::array account_rows{
    optional_setting("accounts", string_list, nullptr, "the accounts that it answers for"),
};

template <std::size_t first, std::size_t second>
constexpr std::array<Setting, first + second> joined(const std::array<Setting, first>& a,
                                                     const std::array<Setting, second>& b) {
    std::array<Setting, first + second> rows{};
    std::copy(b.begin(), b.end(), std::copy(a.begin(), a.end(), rows.begin()));
    return rows;
}

constexpr auto rows_of_agent = joined(agent_rows, shared_rows);
constexpr auto rows_of_account_agent = joined(account_rows, agent_rows);

// What is no variable may be the key itself, by mistake, and is not shown.
bool looks_like_a_variable(const std::string& name) {
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// Looks at what belongs together, after each value by itself.
class AgentCheck {
public:
    AgentCheck(AgentConfig& agent, std::string key_file, const Environment& variables,
               Problems& problems)
        : agent_(agent),
          key_file_(std::move(key_file)),
          variables_(variables),
          problems_(problems) {}

    void run() {
        if (agent_.kind == AgentKind::command) {
            need(!agent_.command.empty() && !agent_.command.front().empty(), "command", "command");
        }
        if (agent_.kind == AgentKind::openai) {
            need(!agent_.base_url.empty(), "base_url", "openai");
            need(!agent_.model.empty(), "model", "openai");
            if (!agent_.base_url.empty()) {
                check_base_url();
            }
            if (!key_file_.empty()) {
                read_key_file();
            } else if (!agent_.api_key_env.empty()) {
                read_key_variable();
            }
        }
        if (agent_.output != AgentOutput::text && agent_.kind != AgentKind::command) {
            complain("output: only kind command has one");
        }
        for (const auto& folder : agent_.files) {
            refuse_unfilled(agent_.setting("files"), folder.string(), "write the value itself",
                            problems_);
            if (folder == folder.root_path()) {
                complain("files: " + folder.string() + " would let it send any file there is");
            }
        }
    }

private:
    void complain(const std::string& what) {
        problems_.errors.push_back(agent_.section + "." + what);
    }

    void need(bool given, const std::string& key, const std::string& kind) {
        if (!given) {
            complain(key + " is missing: " + agent_.section + ".kind " + kind + " needs it");
        }
    }

    // Shows nothing that might be a password.
    void check_base_url() {
        const auto& url = agent_.base_url;
        if (url.find('@') != std::string::npos) {
            complain("base_url: holds a user or a password: give the key through " +
                     agent_.section + ".api_key_env");
        } else if (url.find_first_of("?#") != std::string::npos) {
            complain("base_url: must end with its path, without ? or # and what follows them");
        } else if (!http::parse_http_url(url)) {
            complain("base_url: expected an address such as http://127.0.0.1:8642/v1, got \"" +
                     url + "\"");
        } else if (url.ends_with("/chat/completions")) {
            complain("base_url: leave out /chat/completions, which is added to it");
        }
    }

    void read_key_file() {
        if (!agent_.api_key_env.empty()) {
            complain("api_key_file: beside api_key_env nobody can say which is meant: remove one");
            return;
        }
        try {
            SecretFiles files(agent_.folder, variables_);
            const auto key = files.read(key_file_);
            agent_.api_key_file = files.files().back();
            take_key(key, "api_key_file", agent_.api_key_file.string());
        } catch (const std::runtime_error& problem) {
            complain(std::string("api_key_file: ") + problem.what());
        }
    }

    void take_key(const std::string& key, const std::string& setting, const std::string& place) {
        if (std::any_of(key.begin(), key.end(), [](char c) { return c <= ' ' || c > '~'; })) {
            complain(setting + ": the value of " + place +
                     " holds a blank, a line break or another character that no key has");
        } else {
            agent_.api_key = base::Secret(key);
        }
    }

    void read_key_variable() {
        const auto& name = agent_.api_key_env;
        const auto found = variables_.find(name);
        if (found == variables_.end() && !looks_like_a_variable(name)) {
            complain(
                "api_key_env: expected the name of a variable that is set, such as "
                "OPENAI_API_KEY, and not the key itself");
        } else if (found == variables_.end() || found->second.empty()) {
            complain("api_key_env: the variable " + name +
                     (found == variables_.end() ? " is not set" : " is empty") +
                     ": set it in .env or in the environment");
        } else {
            take_key(found->second, "api_key_env", name);
        }
    }

    AgentConfig& agent_;
    const std::string key_file_;  // as it is written
    const Environment& variables_;
    Problems& problems_;
};

AgentConfig agent_of(const std::string& section, const SettingsMap& values,
                     const std::filesystem::path& folder, Problems& problems) {
    AgentConfig agent;
    agent.section = section;
    agent.folder = folder;
    agent.kind = word_at(values, section, "kind", agent_kinds, problems);
    agent.command = values.list("command");
    agent.output = word_at(values, section, "output", agent_outputs, problems);
    for (const auto& written : values.list("files")) {
        agent.files.push_back((folder / written).lexically_normal());
    }
    agent.timeout = values.duration("timeout");
    agent.base_url = values.text("base_url");
    agent.base_url.erase(agent.base_url.find_last_not_of('/') + 1);
    agent.model = values.text("model");
    agent.api_key_env = values.text("api_key_env");
    agent.system_prompt = values.text("system_prompt");
    agent.vision = values.flag("vision");
    return agent;
}

// Nothing belongs together where a value by itself is wrong: it would be complained about twice.
AgentConfig checked(AgentConfig agent, const SettingsMap& values, std::size_t errors_before,
                    const Environment& variables, Problems& problems) {
    if (problems.errors.size() == errors_before) {
        AgentCheck(agent, values.text("api_key_file"), variables, problems).run();
    }
    return agent;
}

}  // namespace

AgentConfig read_agent(const ConfigNode& section, const std::filesystem::path& folder,
                       const Environment& variables, Problems& problems) {
    const auto errors_before = problems.errors.size();
    const auto values = read_section("agent", section, rows_of_agent, problems);
    auto agent = agent_of("agent", values, folder, problems);
    agent.notices = {.after = values.duration("notice_after"),
                     .every = values.duration("notice_every"),
                     .chinese = values.text("notice_zh"),
                     .english = values.text("notice_en")};
    agent.turns_max = static_cast<std::size_t>(values.integer("turns_max"));
    return checked(std::move(agent), values, errors_before, variables, problems);
}

std::vector<AccountAgent> read_agents(const ConfigNode& list, const std::filesystem::path& folder,
                                      const Environment& variables, Problems& problems) {
    std::vector<AccountAgent> agents;
    if (list.kind != ConfigNode::Kind::list && list.kind != ConfigNode::Kind::null) {
        problems.errors.push_back(
            "agents: expected a list of agents, each with its accounts, got " +
            describe(list, SettingSecrecy::secret));
        return agents;
    }
    std::set<std::string> taken;
    for (const auto& item : list.items) {
        const auto section = "agents[" + std::to_string(&item - list.items.data()) + "]";
        const auto errors_before = problems.errors.size();
        const auto values = read_section(section, item, rows_of_account_agent, problems);
        if (!is_map_or_null(item)) {
            continue;
        }
        AccountAgent agent{.accounts = values.list("accounts"),
                           .config = agent_of(section, values, folder, problems)};
        if (agent.accounts.empty()) {
            problems.errors.push_back(section + ".accounts is missing: name those it answers for");
        }
        for (const auto& account : agent.accounts) {
            if (!taken.insert(account).second) {
                problems.errors.push_back(section + ".accounts: " + account +
                                          " has an agent already: leave it out of one of them");
            }
        }
        agent.config = checked(std::move(agent.config), values, errors_before, variables, problems);
        agents.push_back(std::move(agent));
    }
    return agents;
}

}  // namespace hermes::host
