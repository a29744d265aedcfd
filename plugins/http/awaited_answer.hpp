// What a coroutine asks another thread and waits for.
//
// The answer comes once, when it likes: also from inside the question, also after the coroutine has
// stopped waiting or the client has gone, and then it is dropped.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/move_only_function.hpp"
#include "http/io_thread.hpp"

namespace hermes::http {

// On its executor's thread, but for what give() returns.
template <typename T>
class AwaitedAnswer {
public:
    explicit AwaitedAnswer(const IoExecutor& executor)
        : timer_(executor, IoTimer::time_point::max()), shared_(std::make_shared<Shared>()) {
        shared_->waits = this;
    }
    ~AwaitedAnswer() {
        const std::lock_guard lock(shared_->mutex);
        shared_->waits = nullptr;
    }
    AwaitedAnswer(const AwaitedAnswer&) = delete;
    AwaitedAnswer& operator=(const AwaitedAnswer&) = delete;

    // To be called once, on any thread.
    base::MoveOnlyFunction<void(T)> give() {
        return [shared = shared_](T answer) {
            const std::lock_guard lock(shared->mutex);
            if (shared->waits != nullptr) {
                boost::asio::post(shared->waits->timer_.get_executor(),
                                  [shared, answer = std::move(answer)]() mutable {
                                      if (shared->waits != nullptr) {
                                          shared->waits->answer_ = std::move(answer);
                                          shared->waits->cancel();
                                      }
                                  });
            }
        };
    }

    // Nothing: cancelled.
    Awaitable<std::optional<T>> wait() {
        using Token = boost::asio::as_tuple_t<boost::asio::use_awaitable_t<IoExecutor>>;
        if (!answer_ && !cancelled_) {
            co_await timer_.async_wait(Token());
        }
        co_return std::move(answer_);
    }

    void cancel() {
        cancelled_ = true;
        timer_.cancel();
    }

private:
    // Outlives the coroutine for as long as somebody may answer.
    struct Shared {
        std::mutex mutex;
        AwaitedAnswer* waits = nullptr;  // written under the mutex, and by its thread alone
    };

    IoTimer timer_;  // never expires
    std::optional<T> answer_;
    bool cancelled_ = false;
    std::shared_ptr<Shared> shared_;
};

}  // namespace hermes::http
