#include "conversation/session_ids.hpp"

#include <unistd.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "config/text_file.hpp"
#include "system/data_folder.hpp"

namespace hermes::host {
namespace {

constexpr std::size_t sessions_bytes_max = 1U << 30U;  // what a file that was not written here has

// FNV-1a, 64 bits. The name has to be stable and without odd characters; it is no secret.
std::uint64_t hash(std::string_view text, std::uint64_t basis) {
    for (const char c : text) {
        basis = (basis ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    }
    return basis;
}

std::string name_of(const SessionKey& key, std::uint64_t renewals) {
    const auto text =
        key.platform + '\n' + key.account + '\n' + key.chat + '\n' + std::to_string(renewals);
    constexpr std::uint64_t basis = 0xcbf29ce484222325u;
    const auto first = hash(text, basis);
    std::array<char, 33> name{};
    std::snprintf(name.data(), name.size(), "%016llx%016llx",
                  static_cast<unsigned long long>(first),
                  static_cast<unsigned long long>(hash(text, first)));
    return name.data();
}

std::map<SessionKey, std::uint64_t> parse(const std::string& text) {
    std::map<SessionKey, std::uint64_t> renewals;
    const auto list = boost::json::parse(text);
    for (const auto& item : list.as_array()) {
        const auto& entry = item.as_object();
        const auto word = [&](std::string_view key) {
            return std::string(entry.at(key).as_string());
        };
        renewals[{word("platform"), word("account"), word("chat")}] =
            entry.at("renewals").to_number<std::uint64_t>();
    }
    return renewals;
}

std::string to_text(const std::map<SessionKey, std::uint64_t>& renewals) {
    boost::json::array list;
    for (const auto& [key, count] : renewals) {
        boost::json::object entry;
        entry["platform"] = key.platform;
        entry["account"] = key.account;
        entry["chat"] = key.chat;
        entry["renewals"] = count;
        list.push_back(std::move(entry));
    }
    return boost::json::serialize(list) + "\n";
}

}  // namespace

SessionIds::SessionIds(std::filesystem::path file) : file_(std::move(file)) {
    if (!is_kept(file_)) {
        return;
    }
    if (::eaccess(file_.c_str(), R_OK) != 0) {  // nothing is wrong with what is in it
        throw std::runtime_error(cannot_use(file_, {errno, std::generic_category()}));
    }
    const auto text = read_text_file(file_, sessions_bytes_max);
    try {
        renewals_ = parse(text);
    } catch (const std::exception&) {
        set_aside(" was not what the gateway had written");
    }
}

void SessionIds::set_aside(const char* what) {
    const auto aside = file_.string() + ".broken-" + std::to_string(std::time(nullptr));
    if (std::rename(file_.c_str(), aside.c_str()) != 0) {
        throw std::runtime_error(file_.string() + what + " and cannot be renamed: " +
                                 std::generic_category().message(errno));
    }
    warning_ = file_.string() + what + " and is kept as " + aside +
               ": every chat begins with its first session again";
}

std::string SessionIds::current(const SessionKey& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = renewals_.find(key);
    return name_of(key, found == renewals_.end() ? 0 : found->second);
}

void SessionIds::renew(const SessionKey& key) {
    const std::lock_guard lock(mutex_);
    ++renewals_[key];
}

void SessionIds::save() const {
    if (file_.empty()) {
        return;
    }
    const std::lock_guard saving(save_mutex_);
    const auto renewals = [this] {
        const std::lock_guard lock(mutex_);
        return renewals_;
    }();
    write_private_file(file_, to_text(renewals));
}

}  // namespace hermes::host
