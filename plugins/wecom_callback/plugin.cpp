// The door: the descriptor, and the guard that lets only std::runtime_error out.
#include "hermes/plugin.hpp"

#include <array>
#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include "adapter.hpp"
#include "chinese/rows.hpp"
#include "durable/operator/cluster_view.hpp"
#include "durable/operator/operator_view.hpp"
#include "hermes/ext/arrivals.hpp"
#include "hermes/ext/cluster.hpp"
#include "hermes/ext/doctor.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/file_settings.hpp"
#include "hermes/ext/menu.hpp"
#include "hermes/ext/recall.hpp"
#include "hermes/ext/setup_guide.hpp"
#include "hermes/ext/state_inspector.hpp"
#include "hermes/ext/translations.hpp"
#include "hermes/ext/upkeep.hpp"
#include "hermes/ext/waiting.hpp"
#include "ingress/arrival_listener.hpp"
#include "operator/app_commands.hpp"
#include "operator/doctor.hpp"
#include "operator/upkeep.hpp"
#include "outgoing/letter_words.hpp"
#include "settings/options.hpp"
#include "settings/settings.hpp"
#include "settings/settings_table.hpp"
#include "settings/setup_guide.hpp"

namespace hermes::wecom {

namespace {

// Calls `make`. The code of every other exception class would be gone once the host unloads us,
// while it may still look at the exception.
template <typename Make>
auto guarded(Make make) {
    try {
        return make();
    } catch (const std::exception& error) {
        throw std::runtime_error(error.what());
    } catch (...) {
        throw std::runtime_error("unknown failure in the plugin");
    }
}

std::vector<std::string> check(const PlatformSettings& settings) noexcept {
    try {
        return file_problems(parse_settings(settings));
    } catch (const SettingsError& error) {
        return error.problems();
    } catch (const std::exception& error) {
        return {error.what()};
    }
}

std::unique_ptr<PlatformAdapter> create(const AdapterContext& context) {
    return guarded(
        [&] { return make_adapter(context.host, parse_settings(context.settings), context.mode); });
}

std::unique_ptr<StateInspector> inspect(const AdapterContext& context) {
    return guarded([&]() -> std::unique_ptr<StateInspector> {
        const auto settings = parse_settings(context.settings);
        return std::make_unique<durable::OperatorView>(settings.state.expose_secret(),
                                                       context.host.data_directory(),
                                                       letter_words(settings), platform_name);
    });
}

void examine(const AdapterContext& context, const Examination& examination) {
    guarded([&] {
        examine_setup(context.host, parse_settings(context.settings), base::system_clock(),
                      examination);
    });
}

std::optional<std::string> show(const AdapterContext& context, const std::string& account) {
    return guarded([&] { return show_menu(parse_settings(context.settings), account); });
}

std::vector<std::string> set(const AdapterContext& context, const std::string& account,
                             const std::string& text) {
    return guarded([&] { return set_menu(parse_settings(context.settings), account, text); });
}

void remove(const AdapterContext& context, const std::string& account) {
    guarded([&] { remove_menu(parse_settings(context.settings), account); });
}

std::size_t recall(const AdapterContext& context, const std::string& account,
                   const std::string& message_id) {
    return guarded([&] {
        return recall_message(parse_settings(context.settings), context.host.data_directory(),
                              account, message_id);
    });
}

std::unique_ptr<ArrivalWatch> watch(const AdapterContext& context, ArrivalReport report) {
    return guarded([&]() -> std::unique_ptr<ArrivalWatch> {
        const auto settings = parse_settings(context.settings);
        return std::make_unique<ArrivalListener>(arrival_options(settings), settings.apps,
                                                 std::move(report));
    });
}

std::vector<SetupQuestion> questions(GuideLanguage language) {
    return guarded([&] { return setup_questions(language); });
}

SetupVerdict check_answer(const SetupAnswers& answers, const std::string& key,
                          GuideLanguage language) {
    return guarded([&] { return check_setup_answer(answers, key, language); });
}

std::vector<std::string> steps(const std::vector<SetupAnswers>& entries, const std::string& command,
                               const std::string& config, GuideLanguage language) {
    return guarded([&] { return setup_steps(entries, command, config, language); });
}

std::vector<MessageStory> stories(const AdapterContext& context, const StoryFilter& filter) {
    return guarded([&] {
        return find_stories(parse_settings(context.settings), context.host.data_directory(),
                            filter);
    });
}

std::vector<WaitingMessage> waiting(const AdapterContext& context, std::size_t limit) {
    return guarded([&] {
        return find_waiting(parse_settings(context.settings), context.host.data_directory(), limit);
    });
}

std::string back_up(const AdapterContext& context, const std::string& file) {
    return guarded([&] {
        return back_up_state(parse_settings(context.settings), context.host.data_directory(), file);
    });
}

Forgotten forget(const AdapterContext& context, const std::string& chat) {
    return guarded([&] {
        return forget_member(parse_settings(context.settings), context.host.data_directory(), chat);
    });
}

durable::ClusterLook cluster_of(const AdapterContext& context) {
    const auto settings = parse_settings(context.settings);
    return {settings.state.expose_secret(), context.host.data_directory(), platform_name};
}

ClusterView look_at_cluster(const AdapterContext& context) {
    return guarded([&] { return cluster_of(context).view(); });
}

bool drain_gateway(const AdapterContext& context, std::int64_t number, bool is_drained) {
    return guarded([&] { return cluster_of(context).drain(number, is_drained); });
}

constexpr std::array file_keys{"tls_certificate", "tls_private_key", "api_ca_file"};

constexpr FileSettings files{file_keys.data(), file_keys.size()};
constexpr InspectState state{inspect};
constexpr ExamineSetup doctor{examine};
constexpr EditMenu menu{show, set, remove};
constexpr RecallMessage taking_back{recall};
constexpr WatchArrivals arrivals{watch};
constexpr GuideSetup guide{questions, check_answer, steps};
constexpr KeepUpState upkeep{stories, back_up, forget};
constexpr ListWaiting list_waiting{waiting};
constexpr WatchCluster cluster{look_at_cluster, drain_gateway};

const void* extension(const char* id) noexcept {
    static const Translations translations{"zh", chinese::all_rows().data(),
                                           chinese::all_rows().size()};
    for (const auto* found :
         {offer<InspectState>(id, state), offer<ExamineSetup>(id, doctor),
          offer<EditMenu>(id, menu), offer<RecallMessage>(id, taking_back),
          offer<WatchArrivals>(id, arrivals), offer<GuideSetup>(id, guide),
          offer<KeepUpState>(id, upkeep), offer<ListWaiting>(id, list_waiting),
          offer<WatchCluster>(id, cluster), offer<Translations>(id, translations),
          offer<FileSettings>(id, files)}) {
        if (found != nullptr) {
            return found;
        }
    }
    return nullptr;
}

}  // namespace

}  // namespace hermes::wecom

extern "C" HERMES_PLUGIN_EXPORT const hermes::PluginDescriptor hermes_plugin = {
    .name = hermes::wecom::platform_name,
    .version = HERMES_WECOM_VERSION,
    .summary = "WeCom (Enterprise WeChat) self-built apps in callback mode",
    .settings = hermes::wecom::settings_table.data(),
    .setting_count = hermes::wecom::settings_table.size(),
    .entry_list = hermes::wecom::apps_key,
    .check = hermes::wecom::check,
    .create = hermes::wecom::create,
    .extension = hermes::wecom::extension,
};
