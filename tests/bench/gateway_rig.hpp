// The adapter in this process as a gateway has it, callbacks for it, and what a run of them cost.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapter.hpp"
#include "load_driver.hpp"

namespace hermes::bench {

// Takes events and does nothing, as while an agent works for minutes, or what `heard` does.
class CountingHost final : public AdapterHost {
public:
    explicit CountingHost(std::string directory) : directory_(std::move(directory)) {}
    void on_message(MessageEvent event) noexcept override {
        if (heard) {
            heard(std::move(event));
        }
    }
    void log(LogLevel level, std::string_view line) noexcept override;
    LogLevel log_level() const noexcept override { return LogLevel::info; }  // as by default
    const std::string& data_directory() const noexcept override { return directory_; }

    std::function<void(MessageEvent)> heard{};  // before the start
    std::atomic<std::uint16_t> port{0};

private:
    std::string directory_;
};

// `api_base` is asked only by what sends. `state`: SQLite in the folder if empty.
class Gateway {
public:
    explicit Gateway(const std::filesystem::path& folder, const std::string& api_base = {},
                     std::function<void(MessageEvent)> heard = {},
                     wecom::AdapterOverrides overrides = {}, const std::string& state = {});
    ~Gateway();

    CountingHost host;
    std::unique_ptr<PlatformAdapter> adapter;
    std::chrono::duration<double, std::milli> started_in{};
};

// Fits any call that an adapter makes.
inline constexpr const char* api_answer =
    R"({"errcode":0,"errmsg":"ok","access_token":"bench","expires_in":7200,"msgid":"m"})";

// Ends the program otherwise.
void must_be_delivered(const SendResult& result);

// An empty folder in that place; the same path.
std::filesystem::path fresh(const std::filesystem::path& folder);

// The chat of the n-th member.
std::string chat_of(std::size_t member);

// Sends distinct callbacks of 100 characters from so many members; ends the program unless each is
// answered with 200.
LoadResult run_callbacks(std::uint16_t port, std::size_t connections, std::size_t count,
                         std::size_t chats = 1'000);

// Likewise, of pictures from a member each.
void run_pictures(std::uint16_t port, std::size_t count);

// What this process has used so far.
struct Cost {
    double cpu_us = 0;
    double instructions = 0;  // 0: this machine has no counter for them
    Cost operator-(const Cost& before) const {
        return {cpu_us - before.cpu_us, instructions - before.instructions};
    }
};
Cost cost_so_far();  // counts from the first call on, in threads that are made after it

// Of those that there are now: a server's processes, for example. None if it is 0, of nobody.
double cpu_us_of_children(pid_t parent);

double median(std::vector<double> values);

}  // namespace hermes::bench
