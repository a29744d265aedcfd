#include <iostream>

#include "agents/agent_check.hpp"
#include "commands/command_host.hpp"
#include "commands/commands.hpp"
#include "commands/secret_files.hpp"
#include "hermes/ext/doctor.hpp"
#include "hermes/ext/extension.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"
#include "output/finding_line.hpp"

namespace hermes::host {
namespace {

using Verdict = Finding::Verdict;

class DoctorCommand {
public:
    explicit DoctorCommand(const DoctorOptions& options)
        : options_(options),
          setup_(require_setup(options.source, options.language)),
          log_(make_quiet_log(setup_)),
          words_(options.format == OutputFormat::json && !options.language ? Translator()
                                                                           : setup_.words) {}

    int run() {
        print({Verdict::ok, "configuration", setup_.config.file.string()});
        for (const auto& problem : setup_.folder.problems) {
            print({Verdict::failed, "plugins", problem});
        }
        for (const auto& warning : setup_.problems.warnings) {
            print({Verdict::warning, "configuration", warning});
        }
        for (const auto& finding : check_secret_files(setup_)) {
            print(finding);
        }
        if (setup_.platforms.empty()) {
            print({Verdict::failed, "platforms",
                   "none is enabled: set platforms.<name>.enabled in " +
                       setup_.config.file.string()});
        }
        print(check_agent(setup_.config.agent));
        for (const auto& agent : setup_.config.agents) {
            print(check_agent(agent.config));
        }
        if (const auto watch = check_watch(setup_.config)) {
            print(*watch);
        }
        for (const auto& platform : setup_.platforms) {
            examine(platform);
        }
        return failed_ ? exit_failure : exit_ok;
    }

private:
    void examine(const ConfiguredPlatform& platform) {
        const auto& descriptor = platform.plugin->descriptor();
        const auto name = platform.plugin->name();
        print({Verdict::ok, name,
               "version " + std::string(descriptor.version) + ", " +
                   platform.plugin->file().string()});
        const auto* doctor = extension_of<ExamineSetup>(descriptor);
        if (doctor == nullptr) {
            return;
        }
        const auto host = make_onlooker_host(setup_, platform, *log_);
        const AdapterContext context{*host, platform.settings, AdapterMode::send_only};
        Examination examination;
        examination.public_url = options_.public_url;
        examination.found = [this, &name](const Finding& finding) {
            print({finding.verdict, name + ", " + words_(finding.subject), finding.sentence});
        };
        doctor->examine(context, examination);
    }

    void print(const Finding& finding) {
        failed_ = failed_ || finding.verdict == Verdict::failed;
        const bool is_json = options_.format == OutputFormat::json;
        std::cout << (is_json ? finding_json({finding.verdict, words_(finding.subject),
                                              words_(finding.sentence)})
                              : finding_line(finding, words_))
                  << std::endl;
    }

    const DoctorOptions& options_;
    const Setup setup_;
    const std::unique_ptr<Log> log_;
    const Translator words_;
    bool failed_ = false;
};

}  // namespace

int run_doctor(const DoctorOptions& options) {
    return DoctorCommand(options).run();
}

}  // namespace hermes::host
