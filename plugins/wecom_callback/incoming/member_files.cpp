#include "incoming/member_files.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace hermes::wecom {
namespace {

durable::IncomingFilesOptions options_of(const Settings& settings, std::string folder,
                                         base::Clock clock, base::Log log, http::Metrics& metrics) {
    durable::IncomingFilesOptions options;
    options.folder = std::move(folder);
    options.wait = settings.media_wait;
    options.bytes_max = settings.media_bytes_max;
    options.keep = settings.media_keep;
    options.clock = std::move(clock);
    options.log = std::move(log);
    auto here =
        metrics.counter("wecom_files_fetched_total", "Files of members that the agent gets");
    auto missing =
        metrics.counter("wecom_files_missing_total",
                        "Files of members without which their message went to the agent");
    options.on_file = [here, missing](const durable::EventFile& file) mutable {
        (file.error ? missing : here).add();
    };
    return options;
}

// Such a program wants a core or more for itself.
std::size_t transcriptions_at_once() {
    return std::clamp(std::thread::hardware_concurrency() / 2, 1U, 4U);
}

}  // namespace

std::string media_folder(const Settings& settings, const std::string& data_directory) {
    return std::filesystem::path(data_directory) / settings.media_dir;
}

MemberFiles::MemberFiles(durable::Engine& engine, WecomApi& api, AccessTokens& tokens,
                         const CurrentApps& apps, const Settings& settings,
                         const std::string& folder, const base::Clock& clock, const base::Log& log,
                         http::Metrics& metrics)
    : engine_(engine),
      log_(log),
      apps_(apps),
      fetcher_(engine.loop(), api, tokens, apps),
      transcriber_(transcriptions_at_once()) {
    try {
        engine.fetch_through(fetcher_, options_of(settings, folder, clock, log, metrics));
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(std::string("media_dir ") + error.what());
    }
    if (const auto open_to_others = durable::MediaFolder::privacy_problem(folder);
        !open_to_others.empty()) {
        log_(base::Severity::warning, "media_dir " + open_to_others);
    }
}

void MemberFiles::make_ready(durable::StoredEvent stored, const InboundMessage& message,
                             durable::Inbox::Ready ready) {
    std::vector<std::string> media_ids;
    if (!message.media_id.empty()) {  // else it waited for something else (Questions)
        media_ids.push_back(message.media_id);
    }
    // Nobody has told what is said in it.
    const bool is_unheard =
        message.kind == InboundKind::voice && message.field("Recognition").empty();
    const auto app = is_unheard ? apps_.now()->known(stored.account) : nullptr;
    if (app && !app->transcription.command.empty()) {
        ready = [this, app, then = std::move(ready)](durable::StoredEvent whole) mutable {
            listen_to_it(app->transcription, std::move(whole), std::move(then));
        };
    }
    engine_.incoming_files().gather(std::move(stored), std::move(media_ids), std::move(ready));
}

void MemberFiles::listen_to_it(const Transcription& how, durable::StoredEvent stored,
                               durable::Inbox::Ready ready) {
    if (stored.files.empty() || stored.files[0].error) {
        ready(std::move(stored));
        return;
    }
    auto path = stored.files[0].path;
    transcriber_.transcribe(
        how, std::move(path),
        [stored = std::move(stored), ready = std::move(ready)](Transcript transcript) mutable {
            stored.files[0].text = std::move(transcript.text);
            stored.files[0].text_problem = std::move(transcript.problem);
            ready(std::move(stored));
        });
}

void MemberFiles::say_what_is_missing(const durable::StoredEvent& stored,
                                      const MessageEvent& event) const {
    for (const auto& file : stored.files) {
        if (file.error) {
            log_(base::Severity::warning,
                 "event " + event.id.value + " of " + event.user_id + ", app " + event.account +
                     ", goes to the agent without its file: " +
                     (file.sentence.empty() ? file.error.message() : file.sentence));
        } else if (!file.text_problem.empty()) {
            log_(base::Severity::warning, "event " + event.id.value + " of " + event.user_id +
                                              ", app " + event.account +
                                              ", stays voice: " + file.text_problem);
        }
    }
}

}  // namespace hermes::wecom
