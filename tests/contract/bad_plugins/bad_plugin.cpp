// A minimal plugin with one fault, which fault.cpp names: compiled once, linked with each of them.
// With `none` it is a plugin that keeps the contract.
#include <fcntl.h>

#include <chrono>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "bad_extensions.hpp"
#include "bad_inspector.hpp"
#include "bad_turns.hpp"
#include "derived_error.hpp"
#include "fault.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/trace.hpp"
#include "hermes/plugin.hpp"

namespace {

hermes::SendResult refusal(hermes::SendError error, std::string sentence = "") {
    hermes::SendResult result;
    result.error = error;
    result.detail = std::move(sentence);
    return result;
}

// What becomes of a message that can't be delivered any more.
hermes::SendResult outcome_of(const hermes::OutboundMessage& message) {
    const bool holds_more = (!message.attachments.empty() && fault != Fault::drops_attachment) ||
                            (message.question && fault != Fault::drops_question);
    if (!holds_more) {
        return refusal(hermes::SendError::stopped);
    }
    return refusal(hermes::SendError::invalid,
                   fault == Fault::refuses_without_sentence ? "" : "only text can be sent");
}

class MinimalAdapter final : public hermes::PlatformAdapter {
public:
    explicit MinimalAdapter(const hermes::AdapterContext& context)
        : host_(context.host), mode_(context.mode) {}
    ~MinimalAdapter() override { stop({}); }

    void start() override {
        const std::string folder = host_.data_directory();
        if (::access(folder.c_str(), W_OK) != 0) {
            if (fault == Fault::start_throws_derived) {
                throw DerivedError("the data directory is not there");
            }
            throw std::runtime_error("the data directory is not there");
        }
        {
            const std::lock_guard lock(mutex_);
            running_ = true;
        }
        if (mode_ == hermes::AdapterMode::gateway) {
            auto event = turns_.take(folder);
            trace(event);
            host_.on_message(std::move(event));
        }
    }

    void stop(std::chrono::steady_clock::time_point) noexcept override {
        std::vector<Open> open;
        {
            const std::lock_guard lock(mutex_);
            if (!std::exchange(running_, false)) {
                if (fault == Fault::second_stop_crashes && stopped_) {
                    std::abort();
                }
                return;
            }
            stopped_ = true;
            open.swap(open_);
        }
        turns_.stop();
        complete(open);
        misbehave();
    }

    void send(hermes::OutboundMessage message, hermes::SendHandler handler) noexcept override {
        if (!handler) {
            return;
        }
        {
            const std::lock_guard lock(mutex_);
            if (running_) {
                add_dead_letter();
            }
            if (running_ && fault != Fault::calls_handler_in_send) {
                open_.push_back({std::move(handler), outcome_of(message)});
                return;
            }
            if (fault == Fault::ignores_send_after_stop && stopped_) {
                return;
            }
        }
        handler(refusal(is_running() ? hermes::SendError::not_found : hermes::SendError::stopped));
    }

    bool begin(const hermes::EventId& event) noexcept override { return turns_.begin(event); }
    void settle(const hermes::EventId& event) noexcept override { turns_.settle(event); }

    hermes::Capabilities capabilities() const noexcept override {
        hermes::Capabilities can;
        can.outbound = {hermes::MessageKind::text};
        can.redelivery = true;
        if (fault == Fault::attachment_without_bytes) {
            can.attachments_in = {{hermes::MessageKind::image, 0}};
        }
        can.attachments_max = fault == Fault::attachments_disagree ? 1 : 0;
        can.text_bytes_max = fault == Fault::changes_capabilities && stopped_ ? 2 : 1;
        return can;
    }

    void* extension(std::string_view) noexcept override {
        return fault == Fault::adapter_answers_every_name ? this : nullptr;
    }

private:
    struct Open {
        hermes::SendHandler handler;
        hermes::SendResult result;
    };

    void trace(const hermes::MessageEvent& event) {
        hermes::TraceStep step;
        step.kind = hermes::TraceStep::Kind::handed_over;
        step.event = event.id;
        step.sentence = fault == Fault::step_without_sentence ? "" : "goes to the agent";
        if (fault == Fault::step_of_other_event) {
            step.event = {"another"};
        }
        if (trace_ != nullptr) {
            trace_->step(step);
        } else if (fault == Fault::needs_trace) {
            std::abort();
        }
    }

    bool is_running() {
        const std::lock_guard lock(mutex_);
        return running_;
    }

    static void complete(std::vector<Open>& open) {
        static auto& kept = *new std::vector<hermes::SendHandler>();
        for (auto& [handler, result] : open) {
            if (fault == Fault::forgets_handler) {
                continue;
            }
            handler(result);
            if (fault == Fault::calls_handler_twice) {
                handler(result);
            }
            if (fault == Fault::keeps_handler) {
                kept.push_back(std::move(handler));
            }
        }
    }

    void misbehave() noexcept {
        if (fault == Fault::leaks_thread) {
            std::thread([] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
        }
        if (fault == Fault::leaks_file) {
            static_cast<void>(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        }
        if (fault == Fault::traces_after_stop) {
            std::thread([trace = trace_] {
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
                trace->step({.sentence = "still here"});
            }).detach();
        }
        if (fault == Fault::calls_host_after_stop || fault == Fault::asks_host_after_stop) {
            std::thread([&host = host_] {
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
                if (fault == Fault::asks_host_after_stop) {
                    static_cast<void>(host.answers_at_once("/stop"));
                } else {
                    host.log(hermes::LogLevel::info, "still here");
                }
            }).detach();
        }
    }

    hermes::AdapterHost& host_;
    hermes::Trace* const trace_ = hermes::extension_of<hermes::Trace>(host_);
    const hermes::AdapterMode mode_;
    Turns turns_{};
    std::mutex mutex_;
    bool running_ = false;
    bool stopped_ = false;
    std::vector<Open> open_{};
};

std::vector<std::string> check(const hermes::PlatformSettings& settings) noexcept {
    if (fault == Fault::check_crashes) {
        std::abort();
    }
    try {
        if (settings.integer("depth") == 3 || fault == Fault::check_accepts_garbage) {
            return {};
        }
        return {"depth must be 3"};
    } catch (const std::exception& problem) {
        if (fault == Fault::check_accepts_garbage) {
            return {};
        }
        return {problem.what()};
    }
}

std::unique_ptr<hermes::PlatformAdapter> create(const hermes::AdapterContext& context) {
    if (!check(context.settings).empty()) {
        if (fault == Fault::create_throws_foreign) {
            throw 42;
        }
        if (fault == Fault::create_throws_derived) {
            throw DerivedError("depth must be 3");
        }
        throw std::runtime_error("depth must be 3");
    }
    if (fault == Fault::create_starts_thread) {
        std::thread([] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
    }
    return std::make_unique<MinimalAdapter>(context);
}

hermes::SettingLimits limits_of_depth() {
    hermes::SettingLimits limits{.low = 1, .high = 5};
    if (fault == Fault::default_out_of_bounds) {
        limits.high = 2;
    }
    if (fault == Fault::bounds_crossed) {
        limits.low = 6;
    }
    return limits;
}

hermes::SettingLimits limits_of_colour() {
    switch (fault) {
        case Fault::bounds_on_string:
            return {.low = 1};
        case Fault::default_no_choice:
            return {.choices = "green, blue"};
        case Fault::no_choice:
            return {.choices = ", "};
        case Fault::same_choice_twice:
            return {.choices = "red, red"};
        default:
            return {.choices = "red, green, blue"};
    }
}

const hermes::Setting settings[]{
    {"depth", hermes::SettingType::integer, hermes::SettingScope::platform,
     hermes::SettingNeed::optional, hermes::SettingSecrecy::plain,
     fault == Fault::bad_default ? "deep" : "3", "how deep", limits_of_depth()},
    {"colour",
     fault == Fault::choices_on_boolean ? hermes::SettingType::boolean
                                        : hermes::SettingType::string,
     hermes::SettingScope::platform, hermes::SettingNeed::optional, hermes::SettingSecrecy::plain,
     fault == Fault::choices_on_boolean ? "true" : "red", "which colour", limits_of_colour()},
};

}  // namespace

// What keeps a library in memory for ever: a symbol that the linker must make unique.
template <typename T>
struct HERMES_PLUGIN_EXPORT Unique {
    static inline int value = 0;
};
extern "C" HERMES_PLUGIN_EXPORT int* hermes_unique();
int* hermes_unique() {
    return fault == Fault::stays_in_memory ? &Unique<int>::value : nullptr;
}

extern "C" HERMES_PLUGIN_EXPORT const hermes::PluginDescriptor hermes_plugin = {
    .size =
        std::uint32_t{sizeof(hermes::PluginDescriptor)} + (fault == Fault::wrong_size ? 8U : 0U),
    .api_version = hermes::plugin_api_version + (fault == Fault::wrong_version ? 1U : 0U),
    .abi_tag = fault == Fault::no_tag      ? nullptr
               : fault == Fault::wrong_tag ? "libc++ abi=1"
                                           : HERMES_ABI_TAG,
    .name = fault == Fault::bad_name ? "Bad Name" : "minimal",
    .version = "1.0",
    .summary = "a minimal plugin",
    .settings = settings,
    .setting_count = 2,
    .check = check,
    .create = fault == Fault::no_factory ? nullptr : create,
    .extension = extension,
};
