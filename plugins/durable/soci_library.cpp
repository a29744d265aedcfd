#include "durable/soci_library.hpp"

#include <dlfcn.h>
#include <soci/backend-loader.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

namespace hermes::durable {

void keep_soci_loaded() noexcept {
    Dl_info core{};
    if (::dladdr(reinterpret_cast<const void*>(&soci::dynamic_backends::unload_all), &core) != 0) {
        ::dlopen(core.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
    }
}

int postgresql_socket(soci::session& session) noexcept {
    void* libpq = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_NOLOAD);
    if (libpq == nullptr) {
        return -1;
    }
    const auto socket_of = reinterpret_cast<decltype(&PQsocket)>(::dlsym(libpq, "PQsocket"));
    const auto* backend =
        static_cast<const soci::postgresql_session_backend*>(session.get_backend());
    const int socket = socket_of != nullptr ? socket_of(backend->conn_) : -1;
    ::dlclose(libpq);
    return socket;
}

}  // namespace hermes::durable
