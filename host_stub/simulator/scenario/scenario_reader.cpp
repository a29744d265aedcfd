#include "simulator/scenario/scenario_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <utility>

#include "config/text_file.hpp"
#include "config/yaml_document.hpp"
#include "output/exit_code.hpp"
#include "simulator/wecom/named_faults.hpp"
#include "simulator/wecom/record.hpp"

namespace hermes::host::simulator {

namespace {

using Kind = ScenarioStep::Kind;

constexpr int within_max_s = 3600;
constexpr int times_max = 1000;
constexpr int cards_max = 100'000;
constexpr int bytes_max = 20'000'000;  // of what WeCom sends
constexpr std::size_t sha256_digits = 64;
constexpr double latitude_max = 90;
constexpr double longitude_max = 180;

// A step is known by its key and, where that has few values, by its value.
struct Verb {
    std::string_view key;
    std::string_view value;  // empty: the author's
    Kind kind;
};
constexpr Verb verbs[] = {
    {"write", "", Kind::write},
    {"image", "", Kind::send_file},
    {"voice", "", Kind::send_file},
    {"video", "", Kind::send_file},
    {"file", "", Kind::send_file},
    {"location", "", Kind::send_location},
    {"link", "", Kind::send_link},
    {"event", "", Kind::event},
    {"press", "", Kind::press},
    {"expect", "", Kind::expect},
    {"expect_match", "", Kind::expect_match},
    {"expect_image", "", Kind::expect_file},
    {"expect_voice", "", Kind::expect_file},
    {"expect_video", "", Kind::expect_file},
    {"expect_file", "", Kind::expect_file},
    {"await", "", Kind::await},
    {"fault", "", Kind::add_fault},
    {"faults", "clear", Kind::clear_faults},
    {"api", "down", Kind::begin_outage},
    {"api", "up", Kind::end_outage},
    {"token", "revoke", Kind::revoke_token},
    {"gateway", "kill", Kind::kill_gateway},
    {"gateway", "restart", Kind::restart_gateway},
};

bool is_verb(std::string_view key) {
    return std::any_of(std::begin(verbs), std::end(verbs),
                       [&](const Verb& verb) { return verb.key == key; });
}

bool is_members(Kind kind) {
    return kind <= Kind::press;
}

bool is_awaited(Kind kind) {
    return kind == Kind::expect || kind == Kind::expect_match || kind == Kind::expect_file ||
           kind == Kind::await;
}

bool is_chosen_place(const ScenarioStep& step) {
    return step.kind == Kind::event && step.text == "location_select";
}

bool needs_app(Kind kind) {
    return is_members(kind) || is_awaited(kind) || kind == Kind::revoke_token;
}

std::set<std::string_view> keys_of(Kind kind) {
    std::set<std::string_view> keys{"app", "as"};
    for (const auto& verb : verbs) {
        keys.insert(verb.key);
    }
    if (is_members(kind)) {
        keys.insert("acknowledged");
    }
    if (is_awaited(kind)) {
        keys.insert("within");
    }
    if (kind == Kind::event) {
        keys.insert({"key", "scanned", "latitude", "longitude", "label"});
    }
    if (kind == Kind::add_fault) {
        keys.insert("times");
    }
    if (kind == Kind::send_file) {
        keys.insert("name");
    }
    if (kind == Kind::press) {
        keys.insert("card");
    }
    if (kind == Kind::send_location) {
        keys.insert({"latitude", "longitude"});
    }
    if (kind == Kind::send_link) {
        keys.insert({"title", "description"});
    }
    if (kind == Kind::expect_file) {
        keys.insert({"bytes", "sha256"});
    }
    return keys;
}

bool is_step_kind(std::string_view name) {
    for (int kind = 0; kind <= static_cast<int>(StepKind::gateway_ended); ++kind) {
        if (to_string(static_cast<StepKind>(kind)) == name) {
            return true;
        }
    }
    return false;
}

class Reader {
public:
    explicit Reader(std::string_view name) : name_(name) {}

    Scenario read(const YAML::Node& root) const {
        if (!root.IsMap()) {
            fail(root.Mark(), "a scenario is a map with the key steps");
        }
        check_keys(root, {"app", "as", "within", "steps"});
        ScenarioStep defaults;
        read_place(root, defaults);
        const auto steps = root["steps"];
        if (!steps || !steps.IsSequence() || steps.size() == 0) {
            fail((steps ? steps : root).Mark(), "steps is a list of what happens");
        }
        Scenario scenario{name_, {}};
        for (const auto& step : steps) {
            scenario.steps.push_back(read_step(step, defaults));
        }
        return scenario;
    }

    [[noreturn]] void fail(const YAML::Mark& mark, const std::string& what) const {
        throw UsageError(name_ + ", line " + std::to_string(mark.line + 1) + ": " + what);
    }

private:
    void check_keys(const YAML::Node& map, const std::set<std::string_view>& known) const {
        std::set<std::string> seen;
        for (const auto& entry : map) {
            const auto key = text_of(entry.first, "a key");
            if (!known.contains(key)) {
                fail(entry.first.Mark(), "the key " + key + " is not known here");
            }
            if (!seen.insert(key).second) {
                fail(entry.first.Mark(), "the key " + key + " is given twice");
            }
        }
    }

    ScenarioStep read_step(const YAML::Node& node, ScenarioStep step) const {
        if (!node.IsMap()) {
            fail(node.Mark(), "a step is a map, such as \"write: hello\"");
        }
        step.line = node.Mark().line + 1;
        step.kind = read_verb(node, step);
        check_keys(node, keys_of(step.kind));
        read_place(node, step);
        read_rest(node, step);
        check(node, step);
        return step;
    }

    Kind read_verb(const YAML::Node& node, ScenarioStep& step) const {
        const Verb* found = nullptr;
        for (const auto& entry : node) {
            const auto key = text_of(entry.first, "a key");
            if (!is_verb(key)) {
                continue;
            }
            if (found != nullptr && found->key != key) {
                fail(entry.first.Mark(), "a step does one thing: " + std::string(found->key) +
                                             " and " + key + " are two");
            }
            step.text = text_of(entry.second, key);
            found = std::find_if(std::begin(verbs), std::end(verbs), [&](const Verb& verb) {
                return verb.key == key && (verb.value.empty() || verb.value == step.text);
            });
            if (found == std::end(verbs)) {
                fail(entry.second.Mark(), key + " can't be \"" + step.text + '"');
            }
        }
        if (found == nullptr) {
            fail(node.Mark(), "nothing in this step says what it does, such as \"write: hello\"");
        }
        if (!found->value.empty()) {
            step.text.clear();
        }
        if (found->kind == Kind::send_file || found->kind == Kind::expect_file) {
            const auto underscore = found->key.find('_');  // expect_image
            step.media =
                found->key.substr(underscore == std::string_view::npos ? 0 : underscore + 1);
        }
        return found->kind;
    }

    void read_place(const YAML::Node& node, ScenarioStep& step) const {
        if (const auto app = node["app"]) {
            step.app = text_of(app, "app");
        }
        if (const auto user = node["as"]) {
            step.user_id = text_of(user, "as");
        }
        if (const auto within = node["within"]) {
            step.within = std::chrono::seconds(number_of(within, "within", within_max_s));
        }
    }

    void read_rest(const YAML::Node& node, ScenarioStep& step) const {
        const std::pair<const char*, std::string&> texts[] = {
            {"key", step.event_key},
            {"latitude", step.latitude},
            {"longitude", step.longitude},
            {"title", step.title},
            {"description", step.description},
            {"sha256", step.sha256},
            {"scanned", step.scanned},
            {"label", step.label},
            {"name", step.name},
        };
        for (const auto& [key, text] : texts) {
            if (const auto value = node[key]) {
                text = text_of(value, key);
            }
        }
        if (const auto bytes = node["bytes"]) {
            step.bytes = static_cast<std::size_t>(number_of(bytes, "bytes", bytes_max));
        }
        if (const auto times = node["times"]) {
            step.times = number_of(times, "times", times_max);
        }
        if (const auto card = node["card"]) {
            step.card = number_of(card, "card", cards_max);
        }
        if (const auto acknowledged = node["acknowledged"]) {
            if (!YAML::convert<bool>::decode(acknowledged, step.is_acknowledged)) {
                fail(acknowledged.Mark(), "acknowledged is true or false");
            }
        }
    }

    void check(const YAML::Node& node, const ScenarioStep& step) const {
        if (needs_app(step.kind) && step.app.empty()) {
            fail(node.Mark(), "no app is named, neither here nor at the top");
        }
        if ((is_members(step.kind) || is_awaited(step.kind)) && step.user_id.empty()) {
            fail(node.Mark(), "nobody is named, neither by `as` here nor at the top");
        }
        if (step.kind == Kind::add_fault && find_named_fault(step.text) == nullptr) {
            fail(node.Mark(), "there is no fault \"" + step.text + '"');
        }
        if (step.kind == Kind::await && !is_step_kind(step.text)) {
            fail(node.Mark(), "there is no step of the wire \"" + step.text + '"');
        }
        if (step.kind == Kind::event && step.text.starts_with("scancode_") &&
            step.scanned.empty()) {
            fail(node.Mark(), "what the code holds is to be in `scanned`");
        }
        if (step.kind == Kind::send_location || is_chosen_place(step)) {
            check_degrees(node, "latitude", step.latitude, latitude_max);
            check_degrees(node, "longitude", step.longitude, longitude_max);
        }
        if (step.kind == Kind::send_link && step.title.empty()) {
            fail(node.Mark(), "a link has a title");
        }
        if (!step.sha256.empty() &&
            (step.sha256.size() != sha256_digits ||
             step.sha256.find_first_not_of("0123456789abcdef") != std::string::npos)) {
            fail(node.Mark(), "sha256 has 64 digits, 0 to 9 and a to f");
        }
        if (step.kind == Kind::expect_match) {
            try {
                std::regex compiled(step.text);
            } catch (const std::regex_error&) {
                fail(node.Mark(), "\"" + step.text + "\" is no regular expression");
            }
        }
    }

    // WeCom's are decimal degrees.
    void check_degrees(const YAML::Node& node, const std::string& what, const std::string& text,
                       double max) const {
        double degrees = 0;
        const auto* const end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data(), end, degrees);
        if (error != std::errc() || rest != end || !(std::abs(degrees) <= max)) {
            fail(node.Mark(), "a location has a " + what + ", in degrees, such as 23.1");
        }
    }

    std::string text_of(const YAML::Node& node, const std::string& what) const {
        if (!node.IsScalar() || node.Scalar().empty()) {
            fail(node.Mark(), what + " is a text");
        }
        return node.Scalar();
    }

    int number_of(const YAML::Node& node, const std::string& what, int max) const {
        const auto text = text_of(node, what);
        int number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || number < 1 ||
            number > max) {
            fail(node.Mark(), what + " is a number from 1 to " + std::to_string(max));
        }
        return number;
    }

    std::string name_;
};

}  // namespace

bool is_card_of_chat(const ChatEntry& entry) {
    return entry.from == ChatEntry::From::app && entry.type == "template_card" &&
           (entry.state == EntryState::delivered || entry.state == EntryState::recalled);
}

std::string place_of(const Scenario& scenario, const ScenarioStep& step) {
    return scenario.name + ", line " + std::to_string(step.line);
}

Scenario parse_scenario(std::string_view text, std::string_view name) {
    const Reader reader(name);
    try {
        return reader.read(load_yaml_document(text));
    } catch (const YAML::Exception& problem) {
        reader.fail(problem.mark, problem.msg);
    }
}

Scenario read_scenario(const std::filesystem::path& file) {
    const auto text = read_or_usage_error([&] { return read_text_file(file); });
    return parse_scenario(text, file.string());
}

}  // namespace hermes::host::simulator
