// Has doctor look every few minutes beside the gateway, and tells an administrator what has
// changed.
//
// It looks and tells by the host's own commands, each in a process of its own: `doctor`, `state`
// and `send`. So it sees what an operator would see, the configuration of this moment included,
// nothing that hangs in it holds up a stop, and whom it tells need not be on a gateway that works.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/child_process.hpp"
#include "config/host_config.hpp"
#include "output/log.hpp"
#include "output/translator.hpp"
#include "watch/watch_report.hpp"

namespace hermes::host {

class Watch {
public:
    // Looks at once, and then as often as `config` says. `environment` is what the command gets;
    // `words`, in which it tells, and `log` outlive this. In `data_dir` it keeps how much of what
    // was set aside has been told.
    Watch(WatchConfig config, const ConfigSource& source, const std::filesystem::path& data_dir,
          const Environment& environment, const Translator& words, Log& log);
    Watch(const Watch&) = delete;  // the destructor ends a look that is under way
    Watch& operator=(const Watch&) = delete;

private:
    void run(const std::stop_token& stop);
    void look_and_tell(const std::stop_token& stop);
    WatchRound look(const std::stop_token& stop);
    std::optional<boost::json::value> ask(std::vector<std::string> words,
                                          const std::stop_token& stop) const;
    std::int64_t own_letters(const std::stop_token& stop) const;
    std::string headline(const std::string& machine) const;
    std::chrono::seconds pause();
    void keep_told() noexcept;
    void tell(const std::vector<std::string>& sentences, const std::stop_token& stop);
    void hand_to(const std::string& setting, base::ChildOptions child, const std::string& text,
                 const std::stop_token& stop);
    base::ChildOptions own_command(std::vector<std::string> words) const;

    const WatchConfig config_;
    const ConfigSource source_;
    const std::vector<std::string> environment_;
    const Translator& words_;
    Log& log_;
    const std::filesystem::path told_file_;
    std::optional<std::int64_t> kept_;  // in that file
    WatchReport report_;
    std::chrono::seconds longer_pause_;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace hermes::host
