// `doctor --listen`: what arrives while an administrator saves the callback URL.
#include <atomic>
#include <iostream>
#include <memory>
#include <mutex>
#include <vector>

#include "commands/command_host.hpp"
#include "commands/commands.hpp"
#include "hermes/ext/arrivals.hpp"
#include "hermes/ext/extension.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"
#include "output/finding_line.hpp"
#include "system/stop_signals.hpp"

namespace hermes::host {
namespace {

class ListenCommand {
public:
    ListenCommand(const ConfigSource& source, std::optional<GuideLanguage> language)
        : setup_(require_setup(source, language)), log_(make_quiet_log(setup_)) {}

    int run() {
        report_warnings(setup_);
        std::vector<const ConfiguredPlatform*> called;
        for (const auto& platform : setup_.platforms) {
            if (extension_of<WatchArrivals>(platform.plugin->descriptor()) != nullptr) {
                called.push_back(&platform);
            }
        }
        if (called.empty()) {
            throw UsageError("no enabled platform is called by its servers");
        }
        unfinished_ = called.size();
        for (const auto* platform : called) {
            watch(*platform);
        }
        signals_.wait();
        watches_.clear();
        return unfinished_ == 0 ? exit_ok : exit_failure;
    }

private:
    struct Watched {
        std::unique_ptr<PlatformHost> host;
        std::unique_ptr<ArrivalWatch> watch;  // destroyed before the host
    };

    void watch(const ConfiguredPlatform& platform) {
        const auto& descriptor = platform.plugin->descriptor();
        auto host = make_onlooker_host(setup_, platform, *log_);
        const AdapterContext context{*host, platform.settings, AdapterMode::send_only};
        ArrivalReport report;
        report.found = [this, name = platform.plugin->name()](const Finding& finding) {
            const std::lock_guard lock(mutex_);
            std::cout << finding_line({finding.verdict, name + ", " + setup_.words(finding.subject),
                                       finding.sentence},
                                      setup_.words)
                      << std::endl;
        };
        report.all_right = [this] {
            if (--unfinished_ == 0) {
                StopSignals::end_wait();
            }
        };
        auto watch = extension_of<WatchArrivals>(descriptor)->watch(context, std::move(report));
        watches_.push_back({std::move(host), std::move(watch)});
    }

    const StopSignals signals_{};  // first: before there is any thread
    const Setup setup_;
    const std::unique_ptr<Log> log_;
    std::mutex mutex_{};  // of stdout: each platform has a thread of its own
    std::atomic<std::size_t> unfinished_{0};
    std::vector<Watched> watches_{};  // gone before the plugins, and before what they call
};

}  // namespace

int listen_for_arrivals(const ConfigSource& source, std::optional<GuideLanguage> language) {
    return ListenCommand(source, language).run();
}

}  // namespace hermes::host
