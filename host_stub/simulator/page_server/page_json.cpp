#include "simulator/page_server/page_json.hpp"

#include <boost/json/array.hpp>
#include <cstdint>
#include <string_view>

#include "base/utf8.hpp"
#include "simulator/wecom/named_faults.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

json::object json_of(const Corp& corp) {
    return {{"id", corp.id}, {"name", corp.name}};
}

json::object json_of(const App& app) {
    return {{"name", app.name},
            {"corp", app.corp_id},
            {"agent_id", app.agent_id},
            {"callback_url", app.callback_url}};
}

json::object json_of(const Member& member) {
    return {{"corp", member.corp_id},
            {"user", member.user_id},
            {"name", member.name},
            {"parties", json::array(member.parties.begin(), member.parties.end())},
            {"tags", json::array(member.tags.begin(), member.tags.end())}};
}

json::object json_of(const NamedFault& fault) {
    return {{"name", fault.name}, {"text", fault.text}};
}

json::object json_of(const ActiveFault& active) {
    json::object object{{"id", active.id},
                        {"name", active.fault.name},
                        {"kind", to_string(active.fault.kind)},
                        {"left", nullptr}};
    if (active.fault.times) {
        object["left"] = *active.fault.times - active.met;
    }
    return object;
}

std::string_view to_string(GatewayState::Phase phase) noexcept {
    switch (phase) {
        case GatewayState::Phase::starting:
            return "starting";
        case GatewayState::Phase::ready:
            return "ready";
        case GatewayState::Phase::ended:
            break;
    }
    return "ended";
}

template <typename Items>
json::array array_of(const Items& items) {
    json::array array;
    for (const auto& item : items) {
        array.emplace_back(json_of(item));
    }
    return array;
}

}  // namespace

json::object json_of(const ChatEntry& entry) {
    json::object object{{"number", entry.number},
                        {"from", entry.from == ChatEntry::From::member ? "member" : "app"},
                        {"at_ms", base::to_unix_ms(entry.at)},
                        {"app", entry.app},
                        {"user", entry.user_id},
                        {"type", entry.type},
                        {"content", base::to_valid_utf8(entry.content)},
                        {"cut", entry.cut},
                        {"state", to_string(entry.state)},
                        {"attempts", entry.attempts},
                        {"acknowledged_ms", nullptr},
                        {"msgid", entry.msgid},
                        {"media_id", entry.media_id},
                        {"answers", entry.answers},
                        {"card_label", base::to_valid_utf8(entry.card_label)}};
    if (entry.acknowledged_after) {
        object["acknowledged_ms"] = entry.acknowledged_after->count();
    }
    return object;
}

json::object json_of(const WireStep& step) {
    return {{"sequence", step.sequence},
            {"at_ms", base::to_unix_ms(step.at)},
            {"kind", to_string(step.kind)},
            {"app", step.app},
            {"user", base::to_valid_utf8(step.user_id)},
            {"entry", step.entry},
            {"gateway", step.gateway},
            {"attempt", step.attempt},
            {"elapsed_ms", step.elapsed.count()},
            {"status", step.status},
            {"errcode", step.errcode},
            {"summary", base::to_valid_utf8(step.summary)},
            {"has_bytes", !step.request.empty() || !step.response.empty() || !step.plain.empty()}};
}

json::object json_with_bytes(const WireStep& step) {
    auto object = json_of(step);
    object["request"] = base::to_valid_utf8(step.request);
    object["response"] = base::to_valid_utf8(step.response);
    object["plain"] = base::to_valid_utf8(step.plain);
    return object;
}

json::object json_of(const Snapshot& snapshot) {
    return {{"corps", array_of(snapshot.world.corps)},
            {"apps", array_of(snapshot.world.apps)},
            {"members", array_of(snapshot.world.members)},
            {"entries", array_of(snapshot.entries)},
            {"steps", array_of(snapshot.steps)},
            {"open_steps", array_of(snapshot.open_steps)},
            {"menus", json_of(snapshot.menus)},
            {"api_is_up", snapshot.api_is_up},
            {"faults", array_of(named_faults())},
            {"active_faults", array_of(snapshot.faults)}};
}

json::object json_of(const std::map<std::string, json::object>& menus) {
    json::object object;
    for (const auto& [app, menu] : menus) {
        object[app] = menu;
    }
    return object;
}

json::array json_of(const std::vector<ActiveFault>& faults) {
    return array_of(faults);
}

json::array json_of(const std::vector<WireStep>& steps) {
    return array_of(steps);
}

json::object json_of(const GatewayState& state) {
    return {{"state", to_string(state.phase)},
            {"pid", state.pid},
            {"was_ready", state.was_ready},
            {"how", base::to_valid_utf8(state.how)}};
}

json::object json_of(const AgentConfig& agent) {
    json::array command;
    for (const auto& word : agent.command) {
        command.emplace_back(word);
    }
    return {{"kind", word_of(agent_kinds, agent.kind)},
            {"command", std::move(command)},
            {"output", word_of(agent_outputs, agent.output)},
            {"base_url", agent.base_url},
            {"model", agent.model},
            {"api_key_env", agent.api_key_env},
            {"api_key_file", agent.api_key_file.string()},
            {"system_prompt", agent.system_prompt},
            {"vision", agent.vision},
            {"timeout_s", agent.timeout.count()},
            {"notice_after_s", agent.notices.after.count()}};
}

}  // namespace hermes::host::simulator
