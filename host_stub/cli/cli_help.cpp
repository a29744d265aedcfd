#include "cli/cli_help.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "cli/cli_tree.hpp"
#include "config/nearest_key.hpp"

namespace hermes::host {
namespace {

// ---- What was meant

const CLI::App& deepest_parsed(const CLI::App& app) {
    const auto parsed = app.get_subcommands();
    return parsed.empty() ? app : deepest_parsed(*parsed.back());
}

std::vector<std::string> names_for(const CLI::App& app, bool options) {
    if (!options) {
        return shown_commands(app).front().subcommands;
    }
    std::vector<std::string> names;
    for (const auto* at = &app; at != nullptr; at = at->get_parent()) {  // they fall through
        const auto shown = shown_commands(*at).front();
        for (const auto& option : shown.options) {
            names.insert(names.end(), option.long_names.begin(), option.long_names.end());
        }
    }
    return names;
}

// ---- Completion

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : std::string(separator)) + word;
    }
    return text;
}

std::vector<std::string> option_names(const ShownCommand& command) {
    std::vector<std::string> names;
    for (const auto& option : command.options) {
        names.insert(names.end(), option.long_names.begin(), option.long_names.end());
    }
    return names;
}

// Options whose values are completed in one way.
struct ValueKinds {
    std::set<std::string> files, folders, others;
    std::vector<std::pair<std::string, std::string>> choices;  // option, `a b c`
};

ValueKinds value_kinds(const std::vector<ShownCommand>& commands) {
    ValueKinds kinds;
    for (const auto& command : commands) {
        for (const auto& option : command.options) {
            for (const auto& name : option.long_names) {
                if (option.value == "FILE") {
                    kinds.files.insert(name);
                } else if (option.value == "FOLDER") {
                    kinds.folders.insert(name);
                } else if (option.value.find('|') != std::string::npos) {
                    auto words = option.value;
                    std::replace(words.begin(), words.end(), '|', ' ');
                    kinds.choices.emplace_back(name, words);
                } else if (!option.value.empty()) {
                    kinds.others.insert(name);
                }
            }
        }
    }
    return kinds;
}

std::string pattern(const std::set<std::string>& names) {
    return joined({names.begin(), names.end()}, "|");
}

// `"gateway"|"gateway start"`: the paths that words can lead to.
std::string path_pattern(const std::vector<ShownCommand>& commands) {
    std::vector<std::string> quoted;
    for (const auto& command : commands) {
        if (!command.path.empty()) {
            quoted.push_back('"' + command.path + '"');
        }
    }
    return joined(quoted, "|");
}

std::string bash_script(const std::string& program, const std::vector<ShownCommand>& commands) {
    const auto kinds = value_kinds(commands);
    auto function = '_' + program;
    std::replace(function.begin(), function.end(), '-', '_');
    std::string script = "# bash completion for " + program + ", made by it\n" + function +
                         "() {\n"
                         "    local cur=${COMP_WORDS[COMP_CWORD]} path= words= word\n"
                         "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                         "        case \"${path:+$path }$word\" in\n"
                         "            " +
                         path_pattern(commands) +
                         ") path=${path:+$path }$word ;;\n"
                         "        esac\n"
                         "    done\n"
                         "    case ${COMP_WORDS[COMP_CWORD-1]} in\n";
    script +=
        "        " + pattern(kinds.files) + ") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n";
    script += "        " + pattern(kinds.folders) +
              ") COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n";
    for (const auto& [name, words] : kinds.choices) {
        script += "        " + name + ") COMPREPLY=($(compgen -W \"" + words +
                  "\" -- \"$cur\")); return ;;\n";
    }
    script += "        " + pattern(kinds.others) + ") return ;;\n    esac\n    case $path in\n";
    for (const auto& command : commands) {
        auto words = command.subcommands;
        const auto options = option_names(command);
        words.insert(words.end(), options.begin(), options.end());
        script += "        \"" + command.path + "\") words=\"" + joined(words, " ") + "\" ;;\n";
    }
    script +=
        "    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
        "complete -o filenames -F " +
        function + ' ' + program + '\n';
    return script;
}

// For _describe: `name:help`, in single quotes.
std::string described(const std::string& name, const std::string& help) {
    std::string text = "'" + name + ':';
    for (const char c : help) {
        text += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return text + '\'';
}

std::string zsh_script(const std::string& program, const std::vector<ShownCommand>& commands) {
    const auto kinds = value_kinds(commands);
    std::string script = "#compdef " + program + "\n# zsh completion, made by " + program +
                         "\nlocal path_= word\nlocal -a commands options\n"
                         "for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
                         "    case \"${path_:+$path_ }$word\" in\n        (" +
                         path_pattern(commands) +
                         ") path_=\"${path_:+$path_ }$word\" ;;\n    esac\ndone\n"
                         "case \"$words[CURRENT-1]\" in\n";
    script += "    (" + pattern(kinds.files) + ") _files; return ;;\n";
    script += "    (" + pattern(kinds.folders) + ") _files -/; return ;;\n";
    for (const auto& [name, words] : kinds.choices) {
        script += "    (" + name + ") compadd " + words + "; return ;;\n";
    }
    script += "    (" + pattern(kinds.others) + ") return ;;\nesac\ncase \"$path_\" in\n";
    for (const auto& command : commands) {
        script += "    (\"" + command.path + "\")\n        commands=(";
        for (const auto& other : commands) {
            const auto start = command.path.empty() ? 0 : command.path.size() + 1;
            const bool is_below =
                other.path.size() > start &&
                (command.path.empty() || other.path.starts_with(command.path + ' ')) &&
                other.path.find(' ', start) == std::string::npos;
            if (is_below) {
                script += "\n            " + described(other.path.substr(start), other.help);
            }
        }
        script += ")\n        options=(";
        for (const auto& option : command.options) {
            for (const auto& name : option.long_names) {
                script += "\n            " + described(name, option.help);
            }
        }
        script += ") ;;\n";
    }
    script +=
        "esac\n_describe -t commands command commands\n"
        "_describe -o -t options option options\n";
    return script;
}

// ---- The manual page

std::string roff(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        escaped += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
    }
    return escaped.starts_with('.') || escaped.starts_with('\'') ? "\\&" + escaped : escaped;
}

std::string roff(const ShownOption& option) {
    std::string text = ".TP\n";
    if (option.is_positional) {
        text += "\\fI" + roff(option.names) + "\\fR";
    } else {
        text += "\\fB" + roff(option.names) + "\\fR";
        text += option.value.empty() ? "" : " \\fI" + roff(option.value) + "\\fR";
    }
    return text + '\n' + roff(option.help) + '\n';
}

}  // namespace

std::string explain(const CLI::App& app, const CLI::ParseError& error) {
    const auto& command = deepest_parsed(app);
    for (const auto& word : app.remaining(true)) {
        const bool is_option = word.starts_with('-');
        const auto names = names_for(command, is_option);
        if (word.empty() || word == "--" || names.empty()) {
            continue;
        }
        return '`' + word + "` is no " + (is_option ? "option" : "command") +
               (command.get_parent() == nullptr ? "" : " of " + command.get_name()) +
               did_you_mean(word, names);
    }
    return error.what();
}

std::string completion_script(const CLI::App& app, Shell shell) {
    const auto commands = shown_commands(app);
    return shell == Shell::bash ? bash_script(app.get_name(), commands)
                                : zsh_script(app.get_name(), commands);
}

std::string manual_page(const CLI::App& app, const std::string& version) {
    const auto& name = app.get_name();
    std::string page = ".TH \"" + name + "\" 1 \"\" \"" + name + ' ' + version +
                       "\" \"User Commands\"\n.SH NAME\n" + roff(name) + " \\- " +
                       roff(app.get_description()) + "\n.SH SYNOPSIS\n\\fB" + roff(name) +
                       "\\fR \\fIcommand\\fR [\\fIoptions\\fR]\n.SH COMMANDS\n";
    for (const auto& command : shown_commands(app)) {
        const bool is_group = !command.subcommands.empty() && !command.path.empty() &&
                              command.options.size() <= 1;  // which is --help
        if (command.path.empty() || is_group) {
            continue;
        }
        page += ".SS " + roff(command.path) + '\n' + roff(command.help) + ".\n";
        for (const auto& option : command.options) {
            page += roff(option);
        }
    }
    return page + ".SH EXIT STATUS\n" + roff(app.get_footer()) +
           "\n.SH FILES\n.TP\n\\fI/etc/hermes/config.yaml\\fR, \\fI/etc/hermes/.env\\fR\n"
           "what the service of the Debian package reads\n"
           ".SH SEE ALSO\n"
           "\\fI/usr/share/doc/hermes\\-wecom\\-callback/docs/operator.md\\fR\n";
}

}  // namespace hermes::host
