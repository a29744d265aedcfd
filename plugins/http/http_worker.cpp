#include "http/http_worker.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace hermes::http {

namespace asio = boost::asio;

void AnswerQueue::put(std::shared_ptr<AnswerSlot> slot) {
    const std::lock_guard lock(mutex_);
    if (context_ == nullptr) {
        return;
    }
    waiting_.push_back(std::move(slot));
    if (waiting_.size() == 1) {
        // Under the lock, so that the context can't go away in between.
        asio::post(*context_, [this] { deliver(); });
    }
}

void AnswerQueue::close() {
    const std::lock_guard lock(mutex_);
    context_ = nullptr;
    waiting_.clear();
}

void AnswerQueue::deliver() {
    {
        const std::lock_guard lock(mutex_);
        delivering_.swap(waiting_);
    }
    for (const auto& slot : delivering_) {
        slot->settle();
    }
    delivering_.clear();
}

void AnswerSlot::respond(HttpResponse response) noexcept {
    response_.emplace(std::move(response));
    if (queue_->on_owner() && asking_) {
        answered_ = true;  // from inside the handler: nobody has to be woken
        return;
    }
    queue_->put(shared_from_this());
}

void AnswerSlot::ask(const HttpServer::Handler& handler, const HttpRequest& request) noexcept {
    answered_ = false;
    asking_ = true;
    try {
        handler(request, Responder(shared_from_this()));
    } catch (...) {
        // Its Responder, destroyed on the way, has answered 500.
    }
    asking_ = false;
}

Awaitable<void> AnswerSlot::wait_until_settled() {
    co_await asio::async_initiate<const asio::use_awaitable_t<IoExecutor>, void()>(
        [this](auto&& waiter) { waiter_.emplace(std::forward<decltype(waiter)>(waiter)); },
        asio::use_awaitable_t<IoExecutor>());
}

std::optional<HttpResponse> AnswerSlot::take() {
    return answered_ ? std::exchange(response_, std::nullopt) : std::nullopt;
}

void AnswerSlot::abandon() {
    abandoned_ = true;
    if (waiter_) {
        asio::post(executor_, [self = shared_from_this()] { self->wake(); });
    }
}

void AnswerSlot::settle() {
    if (!abandoned_) {
        answered_ = true;
        wake();
    }
}

void AnswerSlot::wake() {
    if (auto waiter = std::exchange(waiter_, std::nullopt)) {
        (*waiter)();
    }
}

HttpWorker::HttpWorker(const HttpServerOptions& server_options,
                       const HttpServer::Handler& server_handler)
    : options(server_options),
      handler(server_handler),
      answers(std::make_shared<AnswerQueue>(context)),
      work_(context.get_executor()),
      sweep_timer_(context.get_executor()) {
    // A deadline is noticed at most a quarter of the shortest one late.
    auto shortest = std::min({options.read_timeout, options.idle_timeout, options.write_timeout});
    if (options.answer_timeout.count() > 0) {
        shortest = std::min(shortest, options.answer_timeout);
    }
    sweep_interval_ =
        std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

HttpWorker::~HttpWorker() {
    answers->close();
}

void HttpWorker::run() noexcept {
    answers->set_owner();
    context.run();
}

void HttpWorker::enter(ConnectionBase& connection) {
    connections_.push_back(connection);
    sweep_later();
}

void HttpWorker::begin_stop() {
    stopping = true;
    for (ConnectionBase& connection : connections_) {
        if (connection.phase == ConnectionPhase::reading) {
            connection.abort();
        }
    }
}

void HttpWorker::close_longest_idle() {
    if (!idle_.empty()) {
        auto& connection = idle_.front();
        idle_.pop_front();
        connection.abort();
    }
}

void HttpWorker::abort_all() {
    for (ConnectionBase& connection : connections_) {
        connection.abort();
    }
}

void HttpWorker::finish() noexcept {
    asio::post(context, [this] {
        sweep_timer_.cancel();
        work_.reset();
    });
}

// Runs only while there is a connection: an idle server does not wake up.
void HttpWorker::sweep_later() {
    if (sweeping_ || connections_.empty()) {
        return;
    }
    sweeping_ = true;
    sweep_timer_.expires_after(sweep_interval_);
    sweep_timer_.async_wait([this](const boost::system::error_code& ec) {
        sweeping_ = false;
        if (!ec) {
            sweep();
            sweep_later();
        }
    });
}

void HttpWorker::sweep() {
    const auto now = SteadyClock::now();
    for (ConnectionBase& connection : connections_) {
        if (connection.deadline <= now && !connection.give_up_answer()) {
            connection.abort();
        }
    }
}

}  // namespace hermes::http
