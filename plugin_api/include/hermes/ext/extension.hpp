// Extensions: what a side may offer beyond the core, and the other asks for by name.
//
// An extension is an abstract class, or a struct of functions, in a header of its own in this
// folder. Its name carries its revision ("hermes.state/1"). Once released, neither ever changes:
// what a later host or plugin wants otherwise gets a new header and a new name, and whoever knows
// the old one only is still understood. That is why nobody has to be rebuilt for one.
//
//   who offers it         who asks             how
//   PluginDescriptor      the host             extension_of<InspectState>(descriptor)
//   PlatformAdapter       the host             extension_of<E>(adapter)
//   AdapterHost           the plugin           extension_of<Trace>(host)
//
// nullptr: not offered, which is no error. What is offered is the same for as long as its giver
// lives, and lives as long as that. The one who offers answers with `offer`:
//
//     void* extension(std::string_view id) noexcept override {
//         return hermes::offer<hermes::Trace>(id, trace_);
//     }
#pragma once

#include <string_view>
#include <type_traits>

#include "hermes/adapter_host.hpp"
#include "hermes/platform_adapter.hpp"
#include "hermes/plugin.hpp"

namespace hermes {

template <typename Extension>
const Extension* extension_of(const PluginDescriptor& plugin) noexcept {
    return plugin.extension == nullptr
               ? nullptr
               : static_cast<const Extension*>(plugin.extension(Extension::extension_name));
}

template <typename Extension>
Extension* extension_of(PlatformAdapter& adapter) noexcept {
    return static_cast<Extension*>(adapter.extension(Extension::extension_name));
}

template <typename Extension>
Extension* extension_of(AdapterHost& host) noexcept {
    return static_cast<Extension*>(host.extension(Extension::extension_name));
}

// `offered` if it is what `id` names, else nullptr. The extension must be named, since a pointer to
// a class that is derived from it is another pointer.
template <typename Extension>
void* offer(std::string_view id, std::type_identity_t<Extension>& offered) noexcept {
    return id == Extension::extension_name ? &offered : nullptr;
}

template <typename Extension>
const void* offer(std::string_view id, const std::type_identity_t<Extension>& offered) noexcept {
    return id == Extension::extension_name ? &offered : nullptr;
}

}  // namespace hermes
