#include <utility>

#include "simulator/wecom/wecom_impl.hpp"

namespace hermes::host::simulator {

FaultId WecomSimulator::add_fault(Fault fault) {
    return impl_->api.add_fault(std::move(fault));
}

void WecomSimulator::remove_fault(FaultId id) {
    impl_->api.remove_fault(id);
}

void WecomSimulator::clear_faults() {
    impl_->api.clear_faults();
}

std::vector<ActiveFault> WecomSimulator::faults() const {
    return impl_->api.faults();
}

void WecomSimulator::revoke_access_token(std::string_view app, int errcode) {
    impl_->api.revoke_access_token(std::string(app), errcode);
}

void WecomSimulator::set_access_token_lifetime(std::chrono::seconds lifetime) {
    impl_->api.set_access_token_lifetime(lifetime);
}

bool WecomSimulator::api_is_up() const noexcept {
    return impl_->is_up;
}

void WecomSimulator::begin_outage() {
    impl_->relay.go_down();
    impl_->is_up = false;
    impl_->book.add_step({.kind = StepKind::outage_began, .summary = "the API is down"});
    impl_->tell_of_faults();
}

void WecomSimulator::end_outage() {
    impl_->relay.come_up();
    impl_->is_up = true;
    impl_->book.add_step({.kind = StepKind::outage_ended, .summary = "the API is up again"});
    impl_->tell_of_faults();
}

}  // namespace hermes::host::simulator
