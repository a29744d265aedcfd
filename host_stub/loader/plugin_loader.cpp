#include "loader/plugin_loader.hpp"

#define BOOST_DLL_USE_STD_FS  // else it needs Boost.Filesystem
#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <boost/dll/shared_library_load_mode.hpp>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "loader/cut_short.hpp"
#include "output/exit_code.hpp"

namespace hermes::host {
namespace {

constexpr std::size_t platform_name_max = 64;  // it becomes a folder and part of variables

std::string text_or_nothing(const char* text) {
    return text != nullptr ? text : "nothing";
}

// Of Boost's "... (dlerror system message: /x/liby.so: invalid ELF header): Bad file descriptor"
// the linker's own words, without the file, which is named already.
std::string linker_sentence(std::string what, const std::filesystem::path& file) {
    constexpr std::string_view opening = "dlerror system message: ";
    const auto begin = what.find(opening);
    const auto end = what.rfind("): ");
    if (begin != std::string::npos && end != std::string::npos && end > begin) {
        what = what.substr(begin + opening.size(), end - begin - opening.size());
    }
    const auto name = file.string() + ": ";
    return what.starts_with(name) ? what.substr(name.size()) : what;
}

bool is_platform_name(const char* name) {
    return name != nullptr && *name != '\0' && std::strlen(name) <= platform_name_max &&
           std::all_of(name, name + std::strlen(name), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

void check_boundary(const PluginDescriptor& plugin) {
    if (plugin.api_version != plugin_api_version) {
        throw std::runtime_error("is made for plugin API " + std::to_string(plugin.api_version) +
                                 ", this host has " + std::to_string(plugin_api_version) +
                                 ": rebuild the plugin with this host's headers");
    }
    if (plugin.size != sizeof(PluginDescriptor)) {
        throw std::runtime_error("has a descriptor of " + std::to_string(plugin.size) +
                                 " bytes, this host's has " +
                                 std::to_string(sizeof(PluginDescriptor)) +
                                 ": rebuild the plugin with this host's headers");
    }
    if (plugin.abi_tag == nullptr || std::strcmp(plugin.abi_tag, HERMES_ABI_TAG) != 0) {
        throw std::runtime_error("is built for \"" + text_or_nothing(plugin.abi_tag) +
                                 "\", this host for \"" HERMES_ABI_TAG
                                 "\": rebuild the plugin with the host's compiler");
    }
}

void check_descriptor(const PluginDescriptor& plugin) {
    if (!is_platform_name(plugin.name)) {
        throw std::runtime_error("names its platform \"" + text_or_nothing(plugin.name) +
                                 "\": a name is a-z, 0-9 and _");
    }
    if (plugin.version == nullptr || plugin.summary == nullptr || plugin.check == nullptr ||
        plugin.create == nullptr || (plugin.settings == nullptr && plugin.setting_count > 0)) {
        throw std::runtime_error(
            "has an incomplete descriptor: only settings, entry_list and extension may be null");
    }
}

}  // namespace

class Plugin::Library {
public:
    // Only the throwing constructor carries the linker's sentence: the error_code overloads say
    // "Bad file descriptor" for a missing file, an undefined symbol and a text file alike.
    explicit Library(const std::filesystem::path& file)
        : library_(file, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local) {}

    const PluginDescriptor& descriptor() const {
        if (!library_.has(plugin_symbol)) {
            throw std::runtime_error(std::string("exports no ") + plugin_symbol +
                                     ": it is not a platform plugin");
        }
        return library_.get<const PluginDescriptor>(plugin_symbol);
    }

private:
    boost::dll::shared_library library_;
};

Plugin::Plugin(const std::filesystem::path& file) : file_(std::filesystem::absolute(file)) {
    const auto name = file_.filename().string();
    if (is_cut_short(file_)) {
        throw std::runtime_error(name + " is cut short: copy it again");
    }
    try {
        library_ = std::make_unique<Library>(file_);
    } catch (const std::exception& problem) {
        throw std::runtime_error(name +
                                 " cannot be loaded: " + linker_sentence(problem.what(), file_));
    }
    try {
        descriptor_ = &library_->descriptor();
        check_boundary(*descriptor_);
        check_descriptor(*descriptor_);
    } catch (const std::exception& problem) {
        throw std::runtime_error(name + " " + problem.what());
    }
}

Plugin::Plugin(Plugin&&) noexcept = default;
Plugin& Plugin::operator=(Plugin&&) noexcept = default;
Plugin::~Plugin() = default;

const Plugin* PluginFolder::find(std::string_view platform) const {
    const auto found = std::find_if(plugins.begin(), plugins.end(), [&](const Plugin& plugin) {
        return platform == plugin.descriptor().name;
    });
    return found == plugins.end() ? nullptr : &*found;
}

std::filesystem::path this_executable() {
    return std::filesystem::read_symlink("/proc/self/exe");
}

std::filesystem::path plugins_folder(const std::string& chosen,
                                     const std::filesystem::path& executable) {
    if (!chosen.empty()) {
        return std::filesystem::absolute(chosen);
    }
    const auto prefix = executable.parent_path().parent_path();
    for (const auto* const place : {"plugins", "lib/hermes/plugins"}) {
        if (std::filesystem::is_directory(prefix / place)) {
            return prefix / place;
        }
    }
    throw UsageError("no plugins folder in " + prefix.string() + ": give --plugins-dir");
}

PluginFolder load_plugins(const std::filesystem::path& folder) {
    PluginFolder result;
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() == ".so") {
            files.push_back(entry->path());
        }
    }
    if (error) {
        result.problems.push_back("plugins_dir: " + folder.string() +
                                  " cannot be read: " + error.message());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        try {
            Plugin plugin(file);
            if (const auto* first = result.find(plugin.name())) {
                throw std::runtime_error(
                    file.filename().string() + " is the platform " + plugin.name() + ", as " +
                    first->file().filename().string() + " is already: remove one of them");
            }
            result.plugins.push_back(std::move(plugin));
        } catch (const std::exception& problem) {
            result.problems.emplace_back(problem.what());
        }
    }
    return result;
}

}  // namespace hermes::host
