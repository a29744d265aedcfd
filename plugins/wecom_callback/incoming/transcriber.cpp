#include "incoming/transcriber.hpp"

#include <string_view>
#include <utility>

#include "base/ascii.hpp"
#include "base/child_process.hpp"
#include "base/provide_thread.hpp"
#include "base/utf8.hpp"

extern char** environ;

namespace hermes::wecom {
namespace {

using base::ChildOptions;
using base::ChildResult;

constexpr std::string_view file_mark = "{file}";
// An hour of speech is some 60 KB.
constexpr std::size_t transcript_bytes_max = std::size_t{256} * 1024;
// What configures the gateway, secrets among it, is none of the program's business.
constexpr std::string_view own_variables = "WECOM_CALLBACK_";

std::vector<std::string> command_for(std::vector<std::string> command, const std::string& path) {
    bool named = false;
    for (auto& word : command) {
        if (const auto at = word.find(file_mark); at != std::string::npos) {
            word.replace(at, file_mark.size(), path);
            named = true;
        }
    }
    if (!named) {
        command.push_back(path);
    }
    return command;
}

std::vector<std::string> environment_without_ours() {
    std::vector<std::string> variables;
    for (char** next = environ; *next != nullptr; ++next) {
        if (!std::string_view(*next).starts_with(own_variables)) {
            variables.emplace_back(*next);
        }
    }
    return variables;
}

std::string failure_of(const ChildResult& child, const Transcription& how) {
    const auto named = [&](const std::string& what) {
        return "transcribe_command " + what +
               (child.last_error_line.empty() ? "" : ": " + child.last_error_line);
    };
    switch (child.end) {
        case ChildResult::End::exited:
            return named("ended with status " + std::to_string(child.status));
        case ChildResult::End::signalled:
            return named("was ended by signal " + std::to_string(child.status));
        case ChildResult::End::timed_out:
            return named("took longer than transcribe_timeout (" +
                         std::to_string(how.timeout.count()) + " s)");
        case ChildResult::End::too_much_said:
            return named("said more than " + std::to_string(transcript_bytes_max) + " bytes");
        case ChildResult::End::not_started:
        case ChildResult::End::no_resources:
        case ChildResult::End::cancelled:
            break;
    }
    return "transcribe_command could not be started: " + child.problem;
}

Transcript transcript_of(const ChildResult& child, const Transcription& how) {
    if (child.end != ChildResult::End::exited || child.status != 0) {
        return {.problem = failure_of(child, how)};
    }
    const auto text = base::to_valid_utf8(child.output);
    const auto trimmed = base::trim(text);
    if (trimmed.empty()) {
        return {.problem = "transcribe_command heard nothing"};
    }
    return {.text = std::string(trimmed)};
}

}  // namespace

void Transcriber::transcribe(Transcription how, std::string path, Then then) {
    const auto start_by = std::chrono::steady_clock::now() + how.timeout;
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) {
            return;
        }
        if (base::provide_thread(threads_, at_once_,
                                 [this](const std::stop_token& stop) { work(stop); })) {
            jobs_.push_back({std::move(how), std::move(path), std::move(then), start_by});
            changed_.notify_one();
            return;
        }
    }
    then({.problem = "transcribe_command cannot be run: this process may start no thread"});
}

void Transcriber::stop() noexcept {
    std::vector<std::jthread> ending;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        ending.swap(threads_);
    }
    for (auto& thread : ending) {
        thread.request_stop();
    }
}

void Transcriber::work(const std::stop_token& stop) {
    for (;;) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, stop, [this] { return !jobs_.empty(); });
        if (stop.stop_requested()) {
            return;
        }
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        if (std::chrono::steady_clock::now() >= job.start_by) {
            job.then({.problem = "too many voice messages wait for transcribe_command"});
            continue;
        }
        ChildOptions options;
        options.command = command_for(job.how.command, job.path);
        options.environment = environment_without_ours();
        options.timeout = job.how.timeout;
        options.output_bytes_max = transcript_bytes_max;
        const auto child = base::run_child(options, stop);
        if (stop.stop_requested()) {
            return;
        }
        job.then(transcript_of(child, job.how));
    }
}

}  // namespace hermes::wecom
