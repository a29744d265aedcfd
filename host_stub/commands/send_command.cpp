#include <condition_variable>
#include <deque>
#include <iostream>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>

#include "base/utf8.hpp"
#include "commands/command_host.hpp"
#include "commands/commands.hpp"
#include "commands/say.hpp"
#include "gateway/gateway.hpp"
#include "gateway/platform_host.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"

namespace hermes::host {
namespace {

constexpr std::chrono::seconds stop_patience{5};

// One result, handed from the adapter's thread to ours.
class AwaitedResult {
public:
    void put(const SendResult& result) {
        {
            const std::lock_guard lock(mutex_);
            result_ = result;
        }
        arrived_.notify_one();
    }

    std::optional<SendResult> wait_for(std::chrono::seconds time) {
        std::unique_lock lock(mutex_);
        arrived_.wait_for(lock, time, [this] { return result_.has_value(); });
        return result_;
    }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::optional<SendResult> result_{};
};

// What the adapter logs, kept for the case that the result alone does not say enough.
class KeptLog final : public Log {
public:
    void write(LogLevel level, std::string_view, std::string_view line) noexcept override {
        constexpr std::size_t lines_max = 20;
        if (level < this->level()) {
            return;
        }
        const std::lock_guard lock(mutex_);
        lines_.push_back(one_line(line));
        if (lines_.size() > lines_max) {
            lines_.pop_front();
        }
    }

    LogLevel level() const noexcept override { return LogLevel::warning; }

    void print(const Translator& words) {
        const std::lock_guard lock(mutex_);
        for (const auto& line : lines_) {
            std::cerr << words(line) << '\n';
        }
    }

private:
    std::mutex mutex_;
    std::deque<std::string> lines_{};
};

std::string text_of(const SendOptions& options) {
    std::string text =
        options.text ? *options.text : std::string(std::istreambuf_iterator<char>(std::cin), {});
    if (!options.text && text.ends_with('\n')) {
        text.pop_back();
    }
    if (text.empty()) {
        throw UsageError("there is nothing to send: give --text, or the text on stdin");
    }
    return base::to_valid_utf8(text);
}

int print_result(const SendResult& result, const Translator& words) {
    switch (result.status) {
        case SendStatus::delivered:
            say(words, result.message_id.empty() ? "delivered"
                                                 : "delivered, message id " + result.message_id);
            return exit_ok;
        case SendStatus::deferred:
            std::cout << one_line(words("deferred: " + (result.detail.empty()
                                                            ? "stored, not delivered yet"
                                                            : result.detail)))
                      << '\n';
            return exit_ok;
        case SendStatus::failed:
            break;
    }
    std::cerr << one_line(words("failed: " + result.detail)) << '\n';
    return exit_failure;
}

// Sends and stops; what is not delivered by then comes back as deferred from stop.
SendResult deliver(PlatformAdapter& adapter, OutboundMessage message, std::chrono::seconds time) {
    auto awaited = std::make_shared<AwaitedResult>();  // the handler lives until stop has returned
    adapter.start();
    adapter.send(std::move(message), [awaited](const SendResult& r) { awaited->put(r); });
    awaited->wait_for(time);
    adapter.stop(std::chrono::steady_clock::now() + stop_patience);
    const auto result = awaited->wait_for(std::chrono::seconds(0));
    if (!result) {
        throw std::runtime_error("the platform never told what became of the message");
    }
    return *result;
}

}  // namespace

int send_message(const SendOptions& options) {
    const auto setup = require_setup(options.source);
    report_warnings(setup);
    const auto& platform = choose_platform(setup, options.platform, options.account);
    OutboundMessage message;
    message.chat = {options.chat};
    message.account = options.account;
    message.text = text_of(options);

    KeptLog log;
    const auto host = make_command_host(setup, platform, log);
    const AdapterContext context{*host, platform.settings, AdapterMode::send_only};
    const auto adapter = platform.plugin->descriptor().create(context);
    const auto result = deliver(*adapter, std::move(message), options.timeout);
    if (result.status == SendStatus::deferred) {
        log.print(setup.words);
    }
    return print_result(result, setup.words);
}

}  // namespace hermes::host
