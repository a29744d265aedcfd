#include "state/soci_library.hpp"

#include <dlfcn.h>
#include <soci/backend-loader.h>

namespace hermes::wecom {

void keep_soci_loaded() noexcept {
    Dl_info core{};
    if (::dladdr(reinterpret_cast<const void*>(&soci::dynamic_backends::unload_all), &core) != 0) {
        ::dlopen(core.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
    }
}

}  // namespace hermes::wecom
