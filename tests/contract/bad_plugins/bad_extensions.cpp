#include "bad_extensions.hpp"

#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

#include "bad_inspector.hpp"
#include "derived_error.hpp"
#include "fault.hpp"
#include "hermes/ext/arrivals.hpp"
#include "hermes/ext/doctor.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/menu.hpp"
#include "hermes/ext/recall.hpp"
#include "hermes/ext/setup_guide.hpp"
#include "hermes/ext/upkeep.hpp"

namespace {

void examine(const hermes::AdapterContext&, const hermes::Examination& examination) {
    static hermes::Examination kept;
    if (fault == Fault::examine_throws_derived) {
        throw DerivedError("not today");
    }
    const hermes::Finding finding{hermes::Finding::Verdict::ok, "depth",
                                  fault == Fault::finding_without_sentence ? "" : "deep enough"};
    if (fault == Fault::examine_on_another_thread) {
        std::thread([&] { examination.found(finding); }).join();
    } else {
        examination.found(finding);
    }
    if (fault == Fault::examine_keeps_found) {
        kept = examination;
    }
}

std::optional<std::string> show_menu(const hermes::AdapterContext&, const std::string& account) {
    if (fault == Fault::menu_throws_derived) {
        throw DerivedError("not today");
    }
    if (fault == Fault::menu_of_every_account) {
        return "{}";
    }
    throw std::runtime_error("there is no account " + account);
}

std::vector<std::string> set_menu(const hermes::AdapterContext&, const std::string& account,
                                  const std::string&) {
    throw std::runtime_error("there is no account " + account);
}

void remove_menu(const hermes::AdapterContext&, const std::string& account) {
    throw std::runtime_error("there is no account " + account);
}

std::size_t take_back(const hermes::AdapterContext&, const std::string& account,
                      const std::string&) {
    throw std::runtime_error("there is no account " + account);
}

class QuietWatch final : public hermes::ArrivalWatch {};

std::unique_ptr<hermes::ArrivalWatch> watch(const hermes::AdapterContext&,
                                            hermes::ArrivalReport report) {
    static hermes::ArrivalReport kept;
    report.found({hermes::Finding::Verdict::ok, "listening", "to nothing"});
    if (fault == Fault::arrivals_keep_report) {
        kept = std::move(report);
    }
    return std::make_unique<QuietWatch>();
}

std::vector<hermes::SetupQuestion> questions(hermes::GuideLanguage) {
    return {{.key = fault == Fault::guide_asks_unknown_setting ? "width" : "depth",
             .words = "How deep?"}};
}

hermes::SetupVerdict check_answer(const hermes::SetupAnswers& answers, const std::string& key,
                                  hermes::GuideLanguage) {
    return {.sentence = "", .value = answers.at(key)};
}

std::vector<std::string> steps(const std::vector<hermes::SetupAnswers>&, const std::string&,
                               const std::string&, hermes::GuideLanguage) {
    return {"Dive."};
}

std::vector<hermes::MessageStory> stories(const hermes::AdapterContext&,
                                          const hermes::StoryFilter&) {
    return {};
}

std::string back_up(const hermes::AdapterContext&, const std::string& file) {
    if (fault == Fault::backup_overwrites) {
        std::ofstream(file) << "a backup";
        return "done";
    }
    throw std::runtime_error("there is nothing to back up");
}

hermes::Forgotten forget(const hermes::AdapterContext&, const std::string&) {
    return {};
}

}  // namespace

const void* extension(const char* id) noexcept {
    static const hermes::InspectState state[]{
        {fault == Fault::state_without_inspect ? nullptr : inspect}, {inspect}};
    static const hermes::ExamineSetup doctor{examine};
    static const hermes::EditMenu menu{show_menu, set_menu,
                                       fault == Fault::menu_without_remove ? nullptr : remove_menu};
    static const hermes::RecallMessage taking_back{take_back};
    static const hermes::WatchArrivals arrivals{watch};
    static const hermes::GuideSetup guide{questions, check_answer, steps};
    static const hermes::KeepUpState upkeep{stories, back_up, forget};
    static bool asked = false;
    if (fault == Fault::answers_every_name) {
        return &state[0];
    }
    const bool other = std::exchange(asked, true) && fault == Fault::changes_extension;
    for (const auto* found : {hermes::offer<hermes::InspectState>(id, state[other ? 1 : 0]),
                              hermes::offer<hermes::ExamineSetup>(id, doctor),
                              hermes::offer<hermes::EditMenu>(id, menu),
                              hermes::offer<hermes::RecallMessage>(id, taking_back),
                              hermes::offer<hermes::WatchArrivals>(id, arrivals),
                              hermes::offer<hermes::GuideSetup>(id, guide),
                              hermes::offer<hermes::KeepUpState>(id, upkeep)}) {
        if (found != nullptr) {
            return found;
        }
    }
    return nullptr;
}
