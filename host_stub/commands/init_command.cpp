// `init`: from a few answers to config.yaml, .env and what to do in the platform's console.
#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <utility>

#include "commands/commands.hpp"
#include "config/nearest_key.hpp"
#include "config/section.hpp"
#include "config/setting_value.hpp"
#include "config/text_file.hpp"
#include "config/variables.hpp"
#include "guide/dialogue.hpp"
#include "guide/guide_words.hpp"
#include "guide/setup_files.hpp"
#include "hermes/ext/extension.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"

namespace hermes::host {
namespace {

namespace fs = std::filesystem;

// The platform asked for, or the only one that has a guide.
const Plugin& choose_guided(const PluginFolder& folder, const std::string& platform) {
    const Plugin* chosen = nullptr;
    std::string names;
    for (const auto& plugin : folder.plugins) {
        if (extension_of<GuideSetup>(plugin.descriptor()) == nullptr ||
            (!platform.empty() && plugin.name() != platform)) {
            continue;
        }
        names += (names.empty() ? "" : ", ") + plugin.name();
        if (chosen != nullptr) {
            throw UsageError("several platforms could be set up (" + names +
                             "): choose with --platform");
        }
        chosen = &plugin;
    }
    if (chosen == nullptr) {
        throw UsageError(folder.problems.empty()
                             ? "no plugin there " + (platform.empty()
                                                         ? "has a guide"
                                                         : "is " + platform + " and has a guide")
                             : folder.problems.front());
    }
    return *chosen;
}

class InitCommand {
public:
    explicit InitCommand(const InitOptions& options)
        : options_(options),
          environment_(process_environment()),
          language_(options.language.value_or(language_of(environment_))),
          words_(guide_words(language_)),
          config_file_(fs::absolute(options.file).lexically_normal()),
          env_file_(config_file_.parent_path() / ".env"),
          plugins_dir_(plugins_folder(options.plugins_directory)),
          folder_(load_plugins(plugins_dir_)),
          plugin_(choose_guided(folder_, options.platform)),
          guide_(*extension_of<GuideSetup>(plugin_.descriptor())),
          questions_(guide_.questions(language_)),
          translated_(words_in(language_, folder_)) {}

    int run() {
        refuse_to_overwrite();
        take_what_is_given();
        dialogue_.say(std::string(words_.greeting));
        ask_for_all();
        write();
        if (const int wrong = check_what_was_written(); wrong != exit_ok) {
            return wrong;
        }
        say_what_to_do();
        return exit_ok;
    }

private:
    void refuse_to_overwrite() const {
        for (const auto& file : {config_file_, env_file_}) {
            if (!options_.overwrite && fs::exists(file)) {
                throw UsageError(file.string() +
                                 " is there already: give --force to write it anew, or another "
                                 "--config");
            }
        }
    }

    // Values that are not asked for, from --set and from variables.
    void take_what_is_given() {
        const auto& plugin = plugin_.descriptor();
        std::vector<std::string> known;
        for (std::size_t i = 0; i < plugin.setting_count; ++i) {
            known.emplace_back(plugin.settings[i].key);
            const auto variable = environment_.find(variable_name(plugin.name, known.back()));
            if (variable != environment_.end() && !variable->second.empty()) {
                given_[known.back()] = variable->second;
            }
        }
        for (const auto& setting : options_.settings) {
            const auto equals = setting.find('=');
            const auto key = setting.substr(0, equals);
            if (equals == std::string::npos) {
                throw UsageError("--set " + key + ": write KEY=VALUE");
            }
            if (std::find(known.begin(), known.end(), key) == known.end()) {
                throw UsageError("--set " + key + ": no such setting" + did_you_mean(key, known));
            }
            given_[key] = setting.substr(equals + 1);
        }
        for (std::size_t i = 0; i < plugin.setting_count; ++i) {
            refuse_what_does_not_fit(plugin.settings[i]);
        }
    }

    // Before anything is written: it would not load.
    void refuse_what_does_not_fit(const Setting& row) const {
        Problems problems;
        SettingsMap converted;
        if (const auto value = given_.find(row.key); value != given_.end()) {
            convert(row, node_of_text(row.type, value->second), value->first, converted, problems);
        }
        if (!problems.errors.empty()) {
            throw UsageError(problems.errors.front());
        }
    }

    void ask_for_all() {
        for (;;) {
            auto& entry = entries_.emplace_back();
            for (const auto& question : questions_) {
                if (!question.is_for_several || entries_.size() > 1) {
                    ask(question, entry);
                }
            }
            if (plugin_.descriptor().entry_list == nullptr || options_.ask == Asking::never ||
                !dialogue_.agrees(std::string(words_.another))) {
                return;
            }
            for (const auto& question : questions_) {
                if (question.is_for_several && !entry.contains(question.key)) {
                    ask(question, entry);
                }
            }
            // What was given is the first one's.
            std::erase_if(given_, [&](const auto& value) {
                return std::any_of(questions_.begin(), questions_.end(), [&](const auto& question) {
                    return question.key == value.first;
                });
            });
        }
    }

    void ask(const SetupQuestion& question, SetupAnswers& entry) {
        if (const auto value = given_.find(question.key); value != given_.end()) {
            const auto verdict = judged(question, entry, value->second);
            if (verdict.verdict == Finding::Verdict::failed) {
                throw UsageError(question.key + ": " + translated_(verdict.sentence));
            }
            dialogue_.say(question.words + ": (" + std::string(words_.already_given) + ')');
            keep(question, verdict, entry);
            return;
        }
        for (;;) {
            std::optional<std::string> answer;
            if (options_.ask == Asking::freely) {
                answer = dialogue_.ask(question.words, echo_of(question.key));
            } else if (!is_required(question.key)) {
                answer = "";
            }
            if (!answer) {
                throw UsageError(question.key + " is not given: answer, or give --set " +
                                 question.key + "=..., or the variable " +
                                 variable_name(plugin_.name(), question.key));
            }
            const auto verdict = judged(question, entry, *answer);
            if (verdict.verdict != Finding::Verdict::failed) {
                keep(question, verdict, entry);
                return;
            }
            dialogue_.say("  ✗ " + translated_(verdict.sentence));
        }
    }

    // Once every earlier answer that is to blame has been given again.
    SetupVerdict judged(const SetupQuestion& question, SetupAnswers& entry,
                        const std::string& answer) {
        for (;;) {
            auto verdict = judge(question, entry, answer);
            const auto blamed = std::ranges::find(questions_, verdict.value, &SetupQuestion::key);
            if (verdict.verdict != Finding::Verdict::failed || blamed == questions_.end()) {
                return verdict;
            }
            if (given_.contains(blamed->key)) {
                throw UsageError(blamed->key + ": " + translated_(verdict.sentence));
            }
            dialogue_.say("  ✗ " + translated_(verdict.sentence));
            entry.erase(blamed->key);
            ask(*blamed, entry);
        }
    }

    SetupVerdict judge(const SetupQuestion& question, const SetupAnswers& entry,
                       const std::string& answer) const {
        auto all = entry;
        all.insert(given_.begin(), given_.end());
        all[question.key] = answer;
        return guide_.check(all, question.key, language_);
    }

    void keep(const SetupQuestion& question, const SetupVerdict& verdict, SetupAnswers& entry) {
        entry[question.key] = verdict.value;
        if (!verdict.sentence.empty()) {
            const bool is_right = verdict.verdict == Finding::Verdict::ok;
            dialogue_.say((is_right ? "  ✓ " : "  ! ") + translated_(verdict.sentence));
        }
    }

    const Setting* row_of(const std::string& key) const {
        const auto& plugin = plugin_.descriptor();
        return find_row({plugin.settings, plugin.setting_count}, key);
    }
    Echo echo_of(const std::string& key) const {
        const auto* row = row_of(key);
        return row != nullptr && row->secrecy == SettingSecrecy::secret ? Echo::hidden
                                                                        : Echo::shown;
    }
    bool is_required(const std::string& key) const {
        const auto* row = row_of(key);
        return row == nullptr || row->need == SettingNeed::required;
    }

    // What was given and no question took.
    SetupAnswers common() const {
        auto rest = given_;
        std::erase_if(rest, [&](const auto& value) {
            return std::any_of(entries_.begin(), entries_.end(),
                               [&](const auto& entry) { return entry.contains(value.first); });
        });
        return rest;
    }

    void write() {
        const auto files = format_setup(plugin_.descriptor(), entries_, common(), plugins_dir_,
                                        data_dir_for(fs::absolute(options_.file)));
        std::error_code ignored;
        fs::create_directories(config_file_.parent_path(), ignored);
        write_private_file(env_file_, files.env);
        write_private_file(config_file_, files.config);
        dialogue_.say('\n' + std::string(words_.written) + config_file_.string() + ", " +
                      env_file_.string());
    }

    int check_what_was_written() const {
        const auto setup = load_setup({.file = config_file_, .env_file = env_file_});
        for (const auto& error : setup.problems.errors) {
            std::cerr << error_mark << translated_(error) << '\n';
        }
        return setup.problems.errors.empty() ? exit_ok : exit_usage;
    }

    void say_what_to_do() {
        const bool is_service = is_of_service(fs::absolute(config_file_));
        if (is_service) {
            const auto both = ' ' + config_file_.string() + ' ' + env_file_.string();
            dialogue_.say(std::string(words_.service) + "\n  chgrp hermes" + both +
                          "\n  chmod 640" + both);
        }
        dialogue_.say(std::string(words_.agent) + "\n\n" + std::string(words_.what_now));
        auto entries = entries_;
        for (auto& entry : entries) {
            entry.insert(given_.begin(), given_.end());
        }
        std::size_t number = 0;
        for (const auto& step :
             guide_.steps(entries, "hermes-host-stub", config_file_.string(), language_)) {
            dialogue_.say(std::to_string(++number) + ". " + step);
        }
        if (is_service) {
            dialogue_.say(std::string(words_.start_service));
        }
    }

    const InitOptions& options_;
    const Environment environment_;
    const GuideLanguage language_;
    const GuideWords& words_;
    const fs::path config_file_;
    const fs::path env_file_;
    const fs::path plugins_dir_;
    const PluginFolder folder_;
    const Plugin& plugin_;
    const GuideSetup& guide_;
    const std::vector<SetupQuestion> questions_;
    const Translator translated_;
    Dialogue dialogue_{};
    SetupAnswers given_{};
    std::vector<SetupAnswers> entries_{};
};

}  // namespace

int run_init(const InitOptions& options) {
    return InitCommand(options).run();
}

}  // namespace hermes::host
