// A WeCom whose members write without a pause, for a gateway that is upgraded meanwhile: told by
// words on stdin, a line each, and judged at their end.
//
//   steady_members CALLBACK_URL    prints what `init` asks for, a line each
//   save                           the administrator's console asks for the callback URL
//   say TEXT                       prints what is answered
//   begin, end                     members write; prints the count when each has been answered
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "simulator/wecom/wecom.hpp"
#include "support/eventually.hpp"

namespace {

namespace sim = hermes::host::simulator;
using hermes::test::patience;

constexpr std::chrono::milliseconds between_messages{50};
constexpr int members = 60;
// WeCom repeats a callback three times and does not say when; one that repeats at once has given up
// before any restart is over.
constexpr std::chrono::milliseconds between_tries{2'000};

class SteadyMembers {
public:
    explicit SteadyMembers(sim::WecomSimulator& wecom) : wecom_(wecom) {}

    void begin() {
        earlier_ = wecom_.deliveries({.app = "hr"}).size();
        writer_ = std::jthread([this](const std::stop_token& stop) {
            std::mutex mutex;
            std::condition_variable_any pause;
            while (!stop.stop_requested()) {
                const auto user = "member" + std::to_string(written_ % members);
                const auto text = "message " + std::to_string(written_++);
                wecom_.write_async("hr", user, sim::text_message(text),
                                   [this](const sim::CallbackResult& result) {
                                       (result.acknowledged ? acknowledged_ : refused_)++;
                                   });
                std::unique_lock lock(mutex);
                pause.wait_for(lock, stop, between_messages, [] { return false; });
            }
        });
    }

    // Whether each message was acknowledged, and answered once.
    bool end() {
        writer_ = {};  // stops
        const auto all = static_cast<std::size_t>(written_);
        wecom_.wait_for_deliveries({.app = "hr"}, earlier_ + all, 3 * patience);
        std::map<std::string, int> answers;
        for (const auto& delivery : wecom_.deliveries({.app = "hr"})) {
            ++answers[delivery.content];
        }
        int once = 0;
        for (int i = 0; i < written_; ++i) {
            once += answers["echo: message " + std::to_string(i)] == 1 ? 1 : 0;
        }
        std::cout << "written " << written_ << ", acknowledged " << acknowledged_ << ", refused "
                  << refused_ << ", answered once " << once << std::endl;
        return written_ > 0 && acknowledged_ == written_ && once == written_;
    }

private:
    sim::WecomSimulator& wecom_;
    std::size_t earlier_ = 0;  // deliveries
    std::atomic<int> written_{0};
    std::atomic<int> acknowledged_{0};
    std::atomic<int> refused_{0};
    std::jthread writer_;
};

// As a console shows them: `init` looks at each.
sim::World company() {
    sim::World world;
    const std::string corp = "ww8f3a61c09de24b75";
    world.corps = {{corp, "One"}};
    sim::App app;
    app.name = "hr";
    app.corp_id = corp;
    app.agent_id = 1000002;
    app.corp_secret = hermes::base::Secret("Zk4Vn8sQp2Lx7Rt1Wc5Yb9Md3Hf6Jg0a");
    app.callback_token = hermes::base::Secret("qT7vLr2MdX9kWb4n");
    app.encoding_aes_key = hermes::base::Secret("kP3xR8vTq1LmZ6yWc9BnD4sHf7JgA2eUo5iXrQwEtYA");
    app.callback_url = "http://127.0.0.1:1/wecom/callback";
    world.apps = {app};
    world.members.push_back({corp, "alice", "alice"});
    for (int i = 0; i < members; ++i) {
        const auto user = "member" + std::to_string(i);
        world.members.push_back({corp, user, user});
    }
    return world;
}

void print_answers_to_init(const sim::App& app, const std::string& api_base) {
    std::cout << api_base << '\n'
              << app.corp_id << '\n'
              << app.agent_id << '\n'
              << app.corp_secret.expose_secret() << '\n'
              << app.callback_token.expose_secret() << '\n'
              << app.encoding_aes_key.expose_secret() << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: steady_members CALLBACK_URL\n";
        return 2;
    }
    sim::SimulatorOptions options;
    options.callback_retry_pause = between_tries;
    sim::WecomSimulator wecom(company(), options);
    wecom.start();
    wecom.set_callback_url("hr", argv[1]);
    print_answers_to_init(wecom.world().apps.front(), wecom.api_base());
    SteadyMembers steady(wecom);
    for (std::string line; std::getline(std::cin, line);) {
        if (line == "begin") {
            steady.begin();
        } else if (line == "end") {
            return steady.end() ? 0 : 1;
        } else if (line == "save") {
            const auto check = wecom.verify_url("hr");
            std::cout << (check.verified ? "verified" : "not verified: " + check.problem)
                      << std::endl;
        } else if (line.starts_with("say ")) {
            wecom.write("hr", "alice", sim::text_message(line.substr(4)));
            const auto answer =
                wecom.wait_for_delivery({.app = "hr", .user_id = "alice"}, patience);
            std::cout << (answer ? answer->content : "no answer") << std::endl;
        }
    }
    return 0;
}
