#include "agents/agent.hpp"

namespace hermes::host {
namespace {

class EchoAgent final : public Agent {
public:
    AgentReply answer(const AgentRequest& request, std::stop_token /*stop*/) override {
        AgentReply reply;
        reply.text = "echo: " + given(request);
        reply.talk.output = reply.text;
        return reply;
    }
};

}  // namespace

std::unique_ptr<Agent> make_echo_agent() {
    return std::make_unique<EchoAgent>();
}

}  // namespace hermes::host
