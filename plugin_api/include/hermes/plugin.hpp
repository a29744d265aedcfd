// The door of a plugin: one exported object, which a host can read before any code of the plugin
// runs.
//
//     extern "C" HERMES_PLUGIN_EXPORT const hermes::PluginDescriptor hermes_plugin = {
//         .name = "my_platform", .version = "0.1.0", .summary = "what it connects to",
//         .settings = table.data(), .setting_count = table.size(),
//         .check = check, .create = create};
//
// A host loads the library, looks up `hermes_plugin`, and compares `api_version` and `abi_tag`
// with its own. Only if both are equal may it read the rest and call the factory: C++ objects cross
// this boundary, so both sides must agree on them to the byte. "Newer" has no safe meaning here.
//
// What both must agree on is the core: the headers that this one includes. The core is frozen: as
// long as plugin_api_version is 3, no release changes one of them, not even by adding a member.
// What is optional, and all that comes later, is an extension, in the folder `ext`
// (ext/extension.hpp).
//
// The library exports this one symbol and nothing else, and it stays loaded while anything that
// came from it lives. docs/plugin-boundary.md tells what goes wrong otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hermes/adapter_host.hpp"
#include "hermes/platform_adapter.hpp"
#include "hermes/settings.hpp"

#define HERMES_PLUGIN_EXPORT __attribute__((visibility("default")))

#define HERMES_ABI_TEXT_OF(x) #x
#define HERMES_ABI_TEXT(x) HERMES_ABI_TEXT_OF(x)

#if defined(__GLIBCXX__)
#define HERMES_ABI_LIBRARY "libstdc++ cxx11abi=" HERMES_ABI_TEXT(_GLIBCXX_USE_CXX11_ABI)
#elif defined(_LIBCPP_VERSION)
#define HERMES_ABI_LIBRARY "libc++ abi=" HERMES_ABI_TEXT(_LIBCPP_ABI_VERSION)
#else
#error "hermes/plugin.hpp does not know this standard library"
#endif

#if defined(_GLIBCXX_DEBUG)
#define HERMES_ABI_CONTAINERS " containers=debug"
#else
#define HERMES_ABI_CONTAINERS " containers=release"
#endif

// What must be equal on both sides for std types to mean the same: the standard library, its
// string and list layout, its debug mode, the compiler's C++ ABI.
#define HERMES_ABI_TAG \
    HERMES_ABI_LIBRARY HERMES_ABI_CONTAINERS " cxxabi=" HERMES_ABI_TEXT(__GXX_ABI_VERSION)

namespace hermes {

// The version of the core.
inline constexpr std::uint32_t plugin_api_version = 3;

// The name under which the descriptor is exported.
inline constexpr const char* plugin_symbol = "hermes_plugin";

enum class AdapterMode {
    gateway,    // listens and delivers
    send_only,  // delivers what send is given and does not listen: for command-line tools. It works
                // beside a running gateway on the same state.
};

// What a factory gets. `settings` is merged and checked against the plugin's own table.
struct AdapterContext {
    AdapterHost& host;
    PlatformSettings settings;
    AdapterMode mode = AdapterMode::gateway;
};

// All members are constant-initialised; all pointers have static storage. What an author leaves out
// has the value that stands here; name, version, summary, check and create can't be left out.
struct PluginDescriptor {
    std::uint32_t size = sizeof(PluginDescriptor);
    std::uint32_t api_version = plugin_api_version;
    const char* abi_tag = HERMES_ABI_TAG;
    // Below this line a host reads nothing unless the three above are right.

    const char* name = nullptr;     // key under `platforms` in config.yaml; a-z, 0-9 and _
    const char* version = nullptr;  // of the plugin, for people
    const char* summary = nullptr;  // one line
    const Setting* settings = nullptr;
    std::size_t setting_count = 0;
    const char* entry_list = nullptr;  // key of the list of entries; none for most platforms

    // What is wrong with these settings beyond what the host has checked, a sentence each,
    // beginning with the key; empty if nothing is. Touches neither network nor files. Answers with
    // a sentence even where a host has given it a value of a wrong type.  [any]
    std::vector<std::string> (*check)(const PlatformSettings& settings) noexcept = nullptr;

    // Makes an adapter; opens nothing. Throws std::runtime_error, and nothing else, with the
    // sentences of `check`.  [control]
    std::unique_ptr<PlatformAdapter> (*create)(const AdapterContext& context) = nullptr;

    // What the plugin offers under that name without an adapter (ext/extension.hpp), nullptr if it
    // does not. May be left out: it offers nothing then. Constant.  [any]
    const void* (*extension)(const char* id) noexcept = nullptr;
};

}  // namespace hermes
