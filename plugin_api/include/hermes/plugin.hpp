// The door of a plugin: one exported object, which a host can read before any code of the plugin
// runs.
//
//     extern "C" HERMES_PLUGIN_EXPORT const hermes::PluginDescriptor hermes_plugin = {...};
//
// A host loads the library, looks up `hermes_plugin`, and compares `api_version` and `abi_tag`
// with its own. Only if both are equal may it read the rest and call the factory: C++ objects cross
// this boundary, so both sides must agree on them to the byte. "Newer" has no safe meaning here.
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
#include "hermes/examination.hpp"
#include "hermes/platform_adapter.hpp"
#include "hermes/settings.hpp"
#include "hermes/state_inspector.hpp"

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

// Raised by every change to a header of this folder.
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

// All members are constant-initialised; all pointers have static storage.
struct PluginDescriptor {
    std::uint32_t size;         // sizeof(PluginDescriptor)
    std::uint32_t api_version;  // plugin_api_version
    const char* abi_tag;        // HERMES_ABI_TAG
    // Below this line a host reads nothing unless the three above are right.

    const char* name;     // key under `platforms` in config.yaml; a-z, 0-9 and _
    const char* version;  // of the plugin, for people
    const char* summary;  // one line
    const Setting* settings;
    std::size_t setting_count;
    const char* entry_list;  // key of the list of entries, nullptr if the platform has none

    // What is wrong with these settings beyond what the host has checked, a sentence each,
    // beginning with the key; empty if nothing is. Touches neither network nor files. Answers with
    // a sentence even where a host has given it a value of a wrong type.  [any]
    std::vector<std::string> (*check)(const PlatformSettings& settings) noexcept;

    // Makes an adapter; opens nothing. Throws std::runtime_error, and nothing else, with the
    // sentences of `check`.  [control]
    std::unique_ptr<PlatformAdapter> (*create)(const AdapterContext& context);

    // nullptr if the platform keeps no state. Throws like `create`.  [control]
    std::unique_ptr<StateInspector> (*inspect)(const AdapterContext& context);

    // nullptr if there is nothing to examine. Waits for the network. Throws like `create`.
    // [control]
    void (*examine)(const AdapterContext& context, const Examination& examination);
};

}  // namespace hermes
