#include "config/settings_merge.hpp"

#include "config/nearest_key.hpp"
#include "config/secret_file.hpp"
#include "config/section.hpp"
#include "config/setting_value.hpp"
#include "config/variables.hpp"

namespace hermes::host {
namespace {

constexpr std::string_view all_settings_hint = " (plugins list --settings shows all)";

// A required string that is there but empty is as good as missing.
bool says_nothing(const Setting& row, const ConfigNode& written) {
    return written.kind == ConfigNode::Kind::null ||
           (row.need == SettingNeed::required && written.kind == ConfigNode::Kind::scalar &&
            written.text.empty());
}

enum class Found { given, wrong, nothing };

class PlatformMerge {
public:
    PlatformMerge(const PlatformSchema& schema, const ConfigNode& extra,
                  const Environment& environment, Problems& problems)
        : schema_(schema),
          extra_(extra),
          environment_(environment),
          problems_(problems),
          path_("platforms." + schema.platform + ".extra") {
        const auto* list = schema.entry_list.empty() ? nullptr : extra.find(schema.entry_list);
        list_ = list != nullptr && list->kind != ConfigNode::Kind::null ? list : nullptr;
    }

    PlatformSettings run() {
        PlatformSettings settings;
        if (!is_map_or_null(extra_)) {
            error(expected_a_map(path_, extra_));
            return settings;
        }
        check_top_keys();
        for (const auto& row : schema_.rows) {
            if (row.scope == SettingScope::entry && list_ != nullptr) {
                refuse_entry_variable(row);
            } else {
                merge_top_row(row, settings);
            }
        }
        if (list_ != nullptr) {
            settings.entries = entries();
        }
        return settings;
    }

private:
    void error(std::string line) { problems_.errors.push_back(std::move(line)); }

    void check_top_keys() {
        for (const auto& [key, value] : extra_.entries) {
            const auto* row = find_row(schema_.rows, key);
            if (row == nullptr && key != schema_.entry_list) {
                unknown_key(path_, key, known_keys([&](const Setting& r) {
                                return r.scope != SettingScope::entry || list_ == nullptr;
                            }));
            } else if (row != nullptr && row->scope == SettingScope::entry && list_ != nullptr) {
                error(path_ + "." + key + ": beside " + schema_.entry_list +
                      " nobody can say which entry it means: write it in the entry");
            }
        }
    }

    void check_entry_keys(const std::string& path, const ConfigNode& entry) {
        for (const auto& [key, value] : entry.entries) {
            const auto* row = find_row(schema_.rows, key);
            if (row == nullptr) {
                unknown_key(path, key, known_keys([](const Setting& r) {
                                return r.scope != SettingScope::platform;
                            }));
            } else if (row->scope == SettingScope::platform) {
                error(path + "." + key + ": is set once for all entries: write it as " + path_ +
                      "." + key);
            }
        }
    }

    template <typename Fits>
    std::vector<std::string> known_keys(Fits fits) const {
        std::vector<std::string> keys;
        for (const auto& row : schema_.rows) {
            if (fits(row)) {
                keys.emplace_back(row.key);
                if (auto key = file_key(row, schema_.rows); !key.empty()) {
                    keys.push_back(std::move(key));
                }
            }
        }
        return keys;
    }

    void unknown_key(const std::string& path, const std::string& key,
                     std::vector<std::string> known) {
        if (path == path_ && !schema_.entry_list.empty()) {
            known.push_back(schema_.entry_list);
        }
        error(host::unknown_key(path + ".", key, known, all_settings_hint));
    }

    const std::string* variable_of(const Setting& row) const {
        const auto found = environment_.find(variable_name(schema_.platform, row.key));
        return found == environment_.end() || found->second.empty() ? nullptr : &found->second;
    }

    Found given_at_top(const Setting& row, SettingsMap& into) {
        if (const auto* text = variable_of(row)) {
            if (is_unfilled(row, node_of_text(row.type, *text),
                            variable_name(schema_.platform, row.key), "write the value itself")) {
                return Found::wrong;
            }
            return convert(row, node_of_text(row.type, *text),
                           variable_name(schema_.platform, row.key), into, problems_)
                       ? Found::given
                       : Found::wrong;
        }
        return written(row, extra_, path_, into);
    }

    bool is_unfilled(const Setting& row, const ConfigNode& value, const std::string& name,
                     const std::string& remedy) {
        return row.type == SettingType::string &&  // the items of a list may be a shell's words
               refuse_unfilled(name, value.text, remedy, problems_);
    }

    // Where the value can come from instead.
    std::string remedy_for(const Setting& row, bool is_in_entry) const {
        const auto file = file_key(row, schema_.rows);
        if (is_in_entry) {
            return file.empty() ? "write the value itself" : "use " + file + " instead";
        }
        return "set " + variable_name(schema_.platform, row.key) + " instead" +
               (file.empty() ? "" : ", or use " + file);
    }

    Found written(const Setting& row, const ConfigNode& map, const std::string& path,
                  SettingsMap& into) {
        const auto* value = map.find(row.key);
        if (value == nullptr || says_nothing(row, *value)) {
            return Found::nothing;
        }
        const auto name = path + "." + row.key;
        if (is_unfilled(row, *value, name, remedy_for(row, &map != &extra_))) {
            return Found::wrong;
        }
        return convert(row, as_list(row, *value), name, into, problems_) ? Found::given
                                                                         : Found::wrong;
    }

    // A map where a list is expected stands for the list of its entries, `key=value`.
    static ConfigNode as_list(const Setting& row, const ConfigNode& value) {
        if (row.type != SettingType::string_list || value.kind != ConfigNode::Kind::map) {
            return value;
        }
        ConfigNode list;
        list.kind = ConfigNode::Kind::list;
        for (const auto& [key, item] : value.entries) {
            auto entry = item;
            entry.text = key + '=' + item.text;
            list.items.push_back(std::move(entry));
        }
        return list;
    }

    void use_default(const Setting& row, SettingsMap& into) {
        if (row.default_value != nullptr) {
            convert(row, node_of_text(row.type, row.default_value), row.key, into, problems_);
        }
    }

    void merge_top_row(const Setting& row, SettingsMap& into) {
        const auto found = given_at_top(row, into);
        if (found != Found::nothing) {
            return;
        }
        use_default(row, into);
        const bool entries_may_say = row.scope == SettingScope::both && list_ != nullptr;
        if (is_missing(row) && !entries_may_say) {
            error(path_ + "." + row.key + " is missing: set it in config.yaml or as " +
                  variable_name(schema_.platform, row.key));
        }
    }

    void refuse_entry_variable(const Setting& row) {
        if (variable_of(row) != nullptr) {
            error(variable_name(schema_.platform, row.key) + " is set beside the list " + path_ +
                  "." + schema_.entry_list + ", and nobody can say which entry it means: write " +
                  row.key + " in the entry and unset the variable");
        }
    }

    std::vector<SettingsMap> entries() {
        std::vector<SettingsMap> result;
        const auto path = path_ + "." + schema_.entry_list;
        if (list_->kind != ConfigNode::Kind::list) {
            error(path + ": expected a list of maps, got " +
                  describe(*list_, SettingSecrecy::secret));
            return result;
        }
        if (list_->items.empty()) {
            error(path + ": the list is empty: write an entry, or remove the key");
        }
        for (std::size_t i = 0; i < list_->items.size(); ++i) {
            result.push_back(entry(path + "[" + std::to_string(i) + "]", list_->items[i]));
        }
        return result;
    }

    SettingsMap entry(const std::string& path, const ConfigNode& node) {
        SettingsMap result;
        if (node.kind != ConfigNode::Kind::map) {
            error(expected_a_map(path, node));
            return result;
        }
        check_entry_keys(path, node);
        for (const auto& row : schema_.rows) {
            if (row.scope != SettingScope::platform) {
                merge_entry_row(row, path, node, result);
            }
        }
        return result;
    }

    void merge_entry_row(const Setting& row, const std::string& path, const ConfigNode& node,
                         SettingsMap& into) {
        if (written(row, node, path, into) != Found::nothing) {
            return;
        }
        const bool given_above = row.scope == SettingScope::both && given_at_top_at_all(row);
        if (row.scope == SettingScope::entry) {
            use_default(row, into);
        }
        if (is_missing(row) && !given_above) {
            error(path + "." + row.key + " is missing: set it in config.yaml");
        }
    }

    static bool is_missing(const Setting& unset) {
        return unset.need == SettingNeed::required && unset.default_value == nullptr;
    }

    bool given_at_top_at_all(const Setting& row) const {
        const auto* value = extra_.find(row.key);
        return variable_of(row) != nullptr || (value != nullptr && !says_nothing(row, *value));
    }

    const PlatformSchema& schema_;
    const ConfigNode& extra_;
    const Environment& environment_;
    Problems& problems_;
    std::string path_;
    const ConfigNode* list_ = nullptr;  // null in the short form
};

}  // namespace

PlatformSettings merge_settings(const PlatformSchema& schema, const ConfigNode& extra,
                                const Environment& environment, Problems& problems) {
    return PlatformMerge(schema, extra, environment, problems).run();
}

}  // namespace hermes::host
