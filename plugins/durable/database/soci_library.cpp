#include "durable/database/soci_library.hpp"

#include <dlfcn.h>
#include <soci/backend-loader.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <condition_variable>
#include <exception>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>

#include "durable/database/state_failure.hpp"

namespace hermes::durable {
namespace {

PGconn* connection_of(soci::session& session) noexcept {
    return static_cast<const soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

// Whatever library that is a part of stays in memory until the process ends.
template <typename Function>
void keep_loaded(Function* part) noexcept {
    Dl_info library{};
    if (::dladdr(reinterpret_cast<const void*>(part), &library) != 0) {
        ::dlopen(library.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
    }
}

}  // namespace

void keep_soci_loaded() noexcept {
    keep_loaded(&soci::dynamic_backends::unload_all);
}

struct PostgresqlConnector::Attempt {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_over = false;
    bool is_given_up = false;
    std::unique_ptr<soci::session> session;
    std::exception_ptr failure;

    void run(const std::string& parameters) noexcept {
        std::unique_ptr<soci::session> made;
        std::exception_ptr failed;
        try {
            made = std::make_unique<soci::session>("postgresql", parameters);
        } catch (...) {
            failed = std::current_exception();
        }
        const std::lock_guard lock(mutex);
        session = std::move(made);
        failure = std::move(failed);
        is_over = true;
        changed.notify_all();
    }
};

std::unique_ptr<soci::session> PostgresqlConnector::connect(const std::string& parameters,
                                                            std::chrono::milliseconds patience) {
    const auto attempt = std::make_shared<Attempt>();
    {
        const std::lock_guard lock(mutex_);
        attempt_ = attempt;
    }
    std::thread thread([attempt, parameters] { attempt->run(parameters); });
    std::unique_lock lock(attempt->mutex);
    attempt->changed.wait_for(lock, patience,
                              [&] { return attempt->is_over || attempt->is_given_up; });
    // The process may end next, and takes OpenSSL and SOCI down under a thread that uses them.
    if (!attempt->changed.wait_for(lock, farewell_, [&] { return attempt->is_over; })) {
        keep_loaded(&keep_soci_loaded);  // the thread may outlast whoever unloads this plugin
        thread.detach();
        throw StateException(StateError::unreachable, "it takes connections and says nothing");
    }
    lock.unlock();
    thread.join();
    if (attempt->failure) {
        std::rethrow_exception(attempt->failure);
    }
    return std::move(attempt->session);
}

void PostgresqlConnector::give_up() noexcept {
    const std::lock_guard lock(mutex_);
    if (attempt_) {
        const std::lock_guard its_lock(attempt_->mutex);
        attempt_->is_given_up = true;
        attempt_->changed.notify_all();
    }
}

bool understood_by_libpq(const std::string& parameters) noexcept {
    void* const libpq = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_NOLOAD);
    if (libpq == nullptr) {
        return true;
    }
    const auto parse =
        reinterpret_cast<decltype(&PQconninfoParse)>(::dlsym(libpq, "PQconninfoParse"));
    const auto free = reinterpret_cast<decltype(&PQconninfoFree)>(::dlsym(libpq, "PQconninfoFree"));
    bool understood = true;
    if (parse != nullptr && free != nullptr) {
        auto* const options = parse(parameters.c_str(), nullptr);
        understood = options != nullptr;
        free(options);
    }
    ::dlclose(libpq);
    return understood;
}

struct PostgresqlConnection::Functions {
    decltype(&PQsocket) socket;
    decltype(&PQbackendPID) process;
    decltype(&PQconsumeInput) consume;
    decltype(&PQnotifies) next;
    decltype(&PQfreemem) free;
};

PostgresqlConnection::PostgresqlConnection(soci::session& session)
    : session_(session), libpq_(::dlopen("libpq.so.5", RTLD_NOW | RTLD_NOLOAD)) {
    if (libpq_ == nullptr) {
        return;
    }
    const auto find = [this](auto*& function, const char* name) {
        function =
            reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(libpq_, name));
        return function != nullptr;
    };
    Functions found{};
    if (find(found.socket, "PQsocket") && find(found.process, "PQbackendPID") &&
        find(found.consume, "PQconsumeInput") && find(found.next, "PQnotifies") &&
        find(found.free, "PQfreemem")) {
        functions_ = std::make_unique<const Functions>(found);
    }
}

PostgresqlConnection::~PostgresqlConnection() {
    if (libpq_ != nullptr) {
        ::dlclose(libpq_);
    }
}

int PostgresqlConnection::socket() const noexcept {
    return functions_ ? functions_->socket(connection_of(session_)) : -1;
}

int PostgresqlConnection::server_process() const noexcept {
    return functions_ ? functions_->process(connection_of(session_)) : 0;
}

std::string PostgresqlConnection::take_notifications() const {
    if (!functions_) {
        throw std::runtime_error("libpq can't be found");
    }
    if (functions_->consume(connection_of(session_)) == 0) {
        throw std::runtime_error("the connection is gone");
    }
    std::string words;
    while (auto* const notification = functions_->next(connection_of(session_))) {
        words.append(words.empty() ? "" : " ").append(notification->extra);
        functions_->free(notification);
    }
    return words;
}

}  // namespace hermes::durable
