// Finds the platform plugins in a folder and opens them.
//
// Nothing of a plugin runs before its version and its ABI tag are known to be the host's own
// (hermes/plugin.hpp). What can't be used is one line; the others are loaded all the same.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hermes/plugin.hpp"

namespace hermes::host {

// A library that stays loaded while this lives. Whatever came out of it - adapters, inspectors,
// exceptions - must be gone before.
class Plugin {
public:
    // Throws std::runtime_error with one line: what is wrong with the file, and what to do.
    explicit Plugin(const std::filesystem::path& file);
    Plugin(Plugin&&) noexcept;
    Plugin& operator=(Plugin&&) noexcept;
    ~Plugin();

    const PluginDescriptor& descriptor() const noexcept { return *descriptor_; }
    std::string name() const { return descriptor_->name; }
    const std::filesystem::path& file() const noexcept { return file_; }

private:
    class Library;
    std::filesystem::path file_;
    std::unique_ptr<Library> library_;
    const PluginDescriptor* descriptor_ = nullptr;
};

struct PluginFolder {
    std::vector<Plugin> plugins{};        // by file name
    std::vector<std::string> problems{};  // "libx.so: ...", one line each

    const Plugin* find(std::string_view platform) const;
};

std::filesystem::path this_executable();

// `chosen`, or where plugins are beside a program: in its build folder, or as it is installed.
// Throws UsageError if there is no such folder.
std::filesystem::path plugins_folder(const std::string& chosen,
                                     const std::filesystem::path& executable = this_executable());

// Opens every *.so of the folder. A folder that can't be read is a problem, too.
PluginFolder load_plugins(const std::filesystem::path& folder);

}  // namespace hermes::host
