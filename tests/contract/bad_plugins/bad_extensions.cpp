#include "bad_extensions.hpp"

#include <stdexcept>
#include <thread>
#include <utility>

#include "bad_inspector.hpp"
#include "fault.hpp"
#include "hermes/ext/doctor.hpp"
#include "hermes/ext/extension.hpp"

namespace {

class DerivedError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

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

}  // namespace

const void* extension(const char* id) noexcept {
    static const hermes::InspectState state[]{
        {fault == Fault::state_without_inspect ? nullptr : inspect}, {inspect}};
    static const hermes::ExamineSetup doctor{examine};
    static bool asked = false;
    if (fault == Fault::answers_every_name) {
        return &state[0];
    }
    const bool other = std::exchange(asked, true) && fault == Fault::changes_extension;
    const auto* found = hermes::offer<hermes::InspectState>(id, state[other ? 1 : 0]);
    return found != nullptr ? found : hermes::offer<hermes::ExamineSetup>(id, doctor);
}
