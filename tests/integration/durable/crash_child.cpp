// Accepts, hands over and replies as fast as it can until it is killed. Says on standard output,
// after each commit, what has been promised: "accepted KEY" and "replied SEQ".
#include <unistd.h>

#include <atomic>
#include <string>
#include <vector>

#include "durable/store/store.hpp"

namespace {

using namespace hermes::durable;

const std::string account = "ww1:1000002";
constexpr int chats = 40;
constexpr int under_way = 16;

// One write a line: a line is there whole or not at all.
void say(const std::string& line) {
    (void)!::write(STDOUT_FILENO, line.data(), line.size());
}

class Load {
public:
    Load(Store& store, std::string round) : store_(store), round_(std::move(round)) {}

    void accept_another() {
        const auto n = next_++;
        NewEvent event;
        event.duplicate_key = "crash:" + round_ + ':' + std::to_string(n);
        event.account = account;
        event.chat = "ww1:user" + std::to_string(n % chats);
        event.folded_chat = event.chat;
        event.payload = "<xml>" + event.duplicate_key + "</xml>";
        store_.inbox().accept(event, [this, key = event.duplicate_key](const auto& outcome) {
            if (outcome.has_value()) {
                say("accepted " + key + '\n');
            }
            accept_another();
        });
    }

    void reply_to(const StoredEvent& event) {
        NewMessage reply;
        reply.account = event.account;
        reply.chat = event.chat;
        reply.parts = {{"re " + std::to_string(event.seq) + " 1"}, {"re 2"}};
        reply.settles = event.seq;
        reply.lifetime = std::chrono::hours{24};
        say("handed " + std::to_string(event.seq) + ' ' + event.chat + '\n');
        if (event.seq % 7 == 0) {  // each would be a commit of its own
            store_.inbox().begin(event.seq);
        }
        store_.outbox().enqueue(reply, [seq = event.seq](const auto& outcome) {
            if (outcome.has_value()) {
                say("replied " + std::to_string(seq) + '\n');
            }
        });
    }

private:
    Store& store_;
    std::string round_;
    std::atomic<std::int64_t> next_{0};
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        return 2;
    }
    StoreOptions options;
    options.connection = argv[1];
    hermes::base::EventLoop loop;
    Store store(options, loop);
    Load load(store, argv[2]);
    hermes::base::EventLoop agent;
    store.inbox().start(
        {account}, {[&](StoredEvent event) {
                        agent.post([&load, event = std::move(event)] { load.reply_to(event); });
                    },
                    {}});
    for (int i = 0; i < under_way; ++i) {
        load.accept_another();
    }
    while (true) {
        ::pause();
    }
}
