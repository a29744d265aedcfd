#include "simulator/gateways/local_postgresql.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "base/fnv1a.hpp"
#include "config/text_file.hpp"
#include "output/exit_code.hpp"
#include "simulator/gateways/run_folder.hpp"
#include "simulator/wecom/wecom_crypt.hpp"

namespace hermes::host::simulator {

namespace {

namespace fs = std::filesystem;

constexpr const char* user_name = "hermes";
constexpr std::size_t password_length = 24;
constexpr std::chrono::seconds server_patience{30};
constexpr std::chrono::milliseconds look_pause{50};
constexpr int oldest_version = 15;

// Where Debian has the programs of the newest version.
fs::path find_programs() {
    fs::path found;
    int newest = oldest_version - 1;
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", problem)) {
        const auto version = std::atoi(entry.path().filename().c_str());
        if (version > newest && fs::exists(entry.path() / "bin" / "initdb")) {
            newest = version;
            found = entry.path() / "bin";
        }
    }
    if (found.empty()) {
        throw UsageError(
            "several gateways share a PostgreSQL, which this machine does not have: "
            "apt-get install postgresql libsoci-postgresql4.0");
    }
    return found;
}

struct User {
    uid_t id;
    gid_t group;
};

// It refuses to run as root. Debian's package makes this user.
std::optional<User> other_user() {
    std::array<char, 1024> names;
    passwd entry{};
    passwd* found = nullptr;
    if (::geteuid() != 0 ||
        ::getpwnam_r("postgres", &entry, names.data(), names.size(), &found) != 0 ||
        found == nullptr) {
        return std::nullopt;
    }
    return User{entry.pw_uid, entry.pw_gid};
}

// That other user can't look into a folder of root's.
fs::path data_folder(const fs::path& folder) {
    return ::geteuid() == 0 ? fs::path("/var/tmp") /
                                  ("hermes-simulate-" +
                                   std::to_string(base::fnv1a<std::uint32_t>(folder.string())))
                            : folder / "postgresql";
}

// For who looks for the data in the run folder, or removes it.
void link_to(const fs::path& data, const fs::path& folder) {
    std::error_code problem;  // it is there
    fs::create_directory_symlink(data, folder / "postgresql", problem);
}

}  // namespace

LocalPostgresql::LocalPostgresql(const fs::path& folder)
    : programs_(find_programs()), folder_(data_folder(folder)), port_(any_free_port()) {
    if (folder_.parent_path() != folder) {
        link_to(folder_, folder);
    }
    const auto file = folder / "postgresql.password";
    if (!fs::exists(file)) {
        // Data that are there nevertheless are of a run folder that somebody has removed, and so is
        // the password that they know.
        fs::remove_all(folder_ / "data");
        write_private_file(file, random_text(password_length));
    }
    password_ = read_text_file(file);
}

LocalPostgresql::~LocalPostgresql() {
    stop();
}

std::string LocalPostgresql::url() const {
    return std::string("postgresql://") + user_name + ':' + password_ +
           "@127.0.0.1:" + std::to_string(port_) + "/postgres";
}

base::Process LocalPostgresql::run(std::vector<std::string> command) const {
    // A change of user takes Process's own signal at our end away.
    std::vector<std::string> first{"setpriv", "--pdeathsig=INT"};
    if (other_user()) {
        first.insert(first.end(), {"--reuid=postgres", "--regid=postgres", "--clear-groups"});
    }
    command.insert(command.begin(), first.begin(), first.end());
    command[first.size()] = (programs_ / command[first.size()]).string();
    const base::UniqueFd log(
        ::open((folder_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    base::ProcessOptions options;
    options.command = std::move(command);
    options.folder = folder_.string();
    options.output = base::Stream(log);
    options.errors = base::Stream::as_output;
    options.leads_group = true;  // Ctrl-C is ours to hear
    auto started = base::Process::start(options);
    if (!started) {
        throw std::runtime_error("PostgreSQL cannot be started: " + started.error().message());
    }
    return std::move(*started);
}

void LocalPostgresql::make_data() {
    make_private_folder(folder_);
    const auto words = folder_ / "password";
    write_private_file(words, password_ + '\n');
    if (const auto user = other_user()) {
        for (const auto& path : {folder_, words}) {
            if (::chown(path.c_str(), user->id, user->group) != 0) {
                throw std::system_error(errno, std::generic_category(), path.string());
            }
        }
    }
    auto making =
        run({"initdb", "-D", (folder_ / "data").string(), "-U", user_name, "-E", "UTF8",
             "--locale=C", "-A", "scram-sha-256", "--no-sync", "--pwfile=" + words.string()});
    const auto ending = making.wait();
    fs::remove(words);
    if (ending != base::Ending{}) {
        throw std::runtime_error("PostgreSQL cannot make its data: see " +
                                 (folder_ / "log").string());
    }
}

void LocalPostgresql::start() {
    if (!fs::exists(folder_ / "data" / "PG_VERSION")) {
        make_data();
    }
    // No socket in the folder: its path may be longer than one may have.
    server_ = run({"postgres", "-D", (folder_ / "data").string(), "-k", "", "-h", "127.0.0.1", "-p",
                   std::to_string(port_)});
    wait_until_ready();
}

void LocalPostgresql::wait_until_ready() {
    const auto give_up = std::chrono::steady_clock::now() + server_patience;
    while (run({"pg_isready", "-q", "-h", "127.0.0.1", "-p", std::to_string(port_)}).wait() !=
           base::Ending{}) {
        if (std::chrono::steady_clock::now() > give_up ||
            server_.wait_until(std::chrono::steady_clock::now() + look_pause)) {
            throw std::runtime_error("PostgreSQL does not start: see " +
                                     (folder_ / "log").string());
        }
    }
}

void LocalPostgresql::stop() noexcept {
    if (server_) {
        server_.signal(SIGINT);
        server_.wait();
    }
}

}  // namespace hermes::host::simulator
