#include "agents/agent_check.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "agents/chat_completion.hpp"
#include "config/environment.hpp"
#include "http/http_client.hpp"

namespace hermes::host {
namespace {

namespace fs = std::filesystem;
using Verdict = Finding::Verdict;
using http::HttpOutcome;

constexpr std::chrono::milliseconds endpoint_timeout{10'000};

bool is_program(const fs::path& file) {
    return fs::is_regular_file(file) && ::access(file.c_str(), X_OK) == 0;
}

// As execvp looks for it.
bool is_on_path(const std::string& program) {
    const auto variables = process_environment();
    const auto found = variables.find("PATH");
    const std::string path = found == variables.end() ? "/usr/bin:/bin" : found->second;
    for (std::size_t begin = 0; begin <= path.size();) {
        const auto end = std::min(path.find(':', begin), path.size());
        if (is_program(fs::path(path.substr(begin, end - begin)) / program)) {
            return true;
        }
        begin = end + 1;
    }
    return false;
}

// The first argument that an interpreter would take for its script, and isn't there.
const std::string* missing_script(const std::vector<std::string>& command, const fs::path& folder) {
    constexpr std::string_view suffixes[] = {".py", ".js", ".mjs", ".ts", ".sh", ".pl", ".rb"};
    for (const auto& argument : std::span(command).subspan(1)) {
        if (std::ranges::find(suffixes, fs::path(argument).extension().string()) !=
            std::end(suffixes)) {
            std::error_code error;
            return fs::exists(folder / argument, error) ? nullptr : &argument;
        }
    }
    return nullptr;
}

// Of `section`.command, relative to `folder`; `when` it runs.
Finding check_program(const std::string& section, const std::vector<std::string>& command,
                      const fs::path& folder, const std::string& when) {
    const auto& program = command.front();
    const bool found =
        program.find('/') == std::string::npos ? is_on_path(program) : is_program(folder / program);
    if (found) {
        const auto* script = missing_script(command, folder);
        return script == nullptr
                   ? Finding{Verdict::ok, section, "runs " + program + " for each " + when}
                   : Finding{Verdict::warning, section,
                             section + ".command: there is no file " + (folder / *script).string() +
                                 ": give the path from the folder of config.yaml, or an absolute "
                                 "one"};
    }
    const bool is_a_line = program.find(' ') != std::string::npos;
    return {
        Verdict::failed, section,
        section + ".command: there is no program " +
            (is_a_line ? '"' + program + "\": a program and its arguments are items of their own"
                       : program + ": install it, or name it with its path")};
}

Finding check_endpoint(const AgentConfig& config) {
    http::HttpClient client;
    http::HttpClientRequest request;
    request.url = config.base_url + "/models";
    request.timeout = endpoint_timeout;
    authorize(request, config);
    const auto reply = client.fetch(std::move(request));
    if (reply.outcome != HttpOutcome::replied) {
        return {Verdict::failed, config.section,
                config.setting("base_url") + " " + config.base_url + " does not answer (" +
                    reply.problem + "): start what serves it, or set another one"};
    }
    const auto status = std::to_string(reply.status);
    if (reply.status == 401 || reply.status == 403) {
        return {Verdict::failed, config.section,
                config.setting("base_url") + " " + config.base_url + " answers " + status + ": " +
                    (config.place_of_key().empty()
                         ? "it wants a key: set " + config.setting("api_key_env")
                         : "set the right key in " + config.place_of_key())};
    }
    if (reply.status != 200) {
        return {Verdict::warning, config.section,
                config.setting("base_url") + " " + config.base_url + "/models answers " + status +
                    ": check that it is the address before /chat/completions"};
    }
    return {Verdict::ok, config.section, config.base_url + " answers"};
}

}  // namespace

Finding check_agent(const AgentConfig& config) {
    switch (config.kind) {
        case AgentKind::echo:
            return {Verdict::ok, config.section, "echo: it repeats what it is told"};
        case AgentKind::command:
            return check_program(config.section, config.command, config.folder, "message");
        case AgentKind::openai:
            return check_endpoint(config);
    }
    throw std::logic_error("an agent of no kind");
}

std::optional<Finding> check_watch(const HostConfig& config) {
    const auto& command = config.watch.command;
    return command.empty() ? std::nullopt
                           : std::optional(check_program("watch", command,
                                                         config.file.parent_path(), "change"));
}

}  // namespace hermes::host
