// What all connections of one I/O thread share: the thread's io_context, their deadlines, and the
// answers that other threads hand in.
//
// Everything here belongs to that one thread, except where [any] is written.
#pragma once

#include <atomic>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "http/http_head.hpp"
#include "http/http_server.hpp"
#include "http/io_thread.hpp"

namespace hermes::http {

class AnswerSlot;

// Answers on their way from any thread to the I/O thread. A thread that answers many requests in a
// row wakes the I/O thread once. Shared by worker and slots, since a Responder may outlive both.
class AnswerQueue {
public:
    explicit AnswerQueue(boost::asio::io_context& context) : context_(&context) {}

    void put(std::shared_ptr<AnswerSlot> slot);  // [any]
    void close();                                // what is put later is dropped  [any]

    void set_owner() noexcept { owner_ = std::this_thread::get_id(); }
    bool on_owner() const noexcept { return owner_ == std::this_thread::get_id(); }  // [any]

private:
    void deliver();

    std::mutex mutex_;
    boost::asio::io_context* context_;  // null once closed
    std::vector<std::shared_ptr<AnswerSlot>> waiting_;
    std::vector<std::shared_ptr<AnswerSlot>> delivering_;  // the owner's; keeps its capacity
    std::atomic<std::thread::id> owner_;
};

// Where one connection waits for the answer to its current request. Reused for its next request:
// by then the Responder of this one has been used up.
class AnswerSlot final : public Responder::Channel,
                         public std::enable_shared_from_this<AnswerSlot> {
public:
    AnswerSlot(std::shared_ptr<AnswerQueue> queue, const IoExecutor& executor)
        : queue_(std::move(queue)), executor_(executor) {}

    void respond(HttpResponse response) noexcept override;  // [any], once per request

    // Runs the handler, which may answer at once or later.
    void ask(const HttpServer::Handler& handler, const HttpRequest& request) noexcept;
    bool settled() const noexcept { return answered_ || abandoned_; }
    Awaitable<void> wait_until_settled();
    // Nothing if the slot was abandoned.
    std::optional<HttpResponse> take();

    // Wakes whoever waits. What is answered from now on is dropped.
    void abandon();

private:
    friend class AnswerQueue;
    void settle();
    void wake();

    std::shared_ptr<AnswerQueue> queue_;
    IoExecutor executor_;                   // used only while the connection lives
    std::optional<HttpResponse> response_;  // the Responder's until it is put, the owner's after
    bool asking_ = false;
    bool answered_ = false;
    bool abandoned_ = false;
    // Held as what it is: any_completion_handler of Boost 1.81 recurses for ever when it is moved.
    using Waiter =
        boost::asio::async_result<boost::asio::use_awaitable_t<IoExecutor>, void()>::handler_type;
    std::optional<Waiter> waiter_;
};

// What is owed to the other side, which is what stopping has to know.
enum class ConnectionPhase { reading, answering };

using UnlinkedWithItsOwner =
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

class ConnectionBase : public boost::intrusive::list_base_hook<
                           boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    ConnectionBase() = default;
    ConnectionBase(const ConnectionBase&) = delete;
    ConnectionBase& operator=(const ConnectionBase&) = delete;
    virtual ~ConnectionBase() = default;

    // Closes the socket: whatever is awaited ends soon after, never inside this call.
    virtual void abort() noexcept = 0;
    // Its deadline has passed. False: it was not waiting for the handler.
    virtual bool give_up_answer() noexcept { return false; }

    UnlinkedWithItsOwner idle_hook;  // linked while it waits for a request to begin
    ConnectionPhase phase = ConnectionPhase::reading;
    // Of the step it is in. A plain value that the worker's sweep compares now and then: a timer
    // per read would cost more than the read.
    SteadyClock::time_point deadline = SteadyClock::time_point::max();
};

class HttpWorker {
public:
    // Both are the server's and outlive the worker.
    HttpWorker(const HttpServerOptions& server_options, const HttpServer::Handler& server_handler);
    ~HttpWorker();
    HttpWorker(const HttpWorker&) = delete;
    HttpWorker& operator=(const HttpWorker&) = delete;

    void run() noexcept;  // the thread: returns after `finish`, once every connection has ended
    void enter(ConnectionBase& connection);
    void begins_idling(ConnectionBase& connection) { idle_.push_back(connection); }
    void close_longest_idle();  // if any is
    void begin_stop();          // closes the connections to which no answer is owed
    void abort_all();
    void finish() noexcept;  // [any]

    const HttpServerOptions& options;
    const HttpServer::Handler& handler;
    boost::asio::io_context context{1};
    std::shared_ptr<AnswerQueue> answers;
    DateText date;
    bool stopping = false;

private:
    void sweep_later();
    void sweep();

    boost::asio::executor_work_guard<IoExecutor> work_;
    IoTimer sweep_timer_;
    std::chrono::milliseconds sweep_interval_;
    bool sweeping_ = false;
    boost::intrusive::list<ConnectionBase, boost::intrusive::constant_time_size<false>>
        connections_;
    // The one that has been idle longest in front.
    boost::intrusive::list<ConnectionBase,
                           boost::intrusive::member_hook<ConnectionBase, UnlinkedWithItsOwner,
                                                         &ConnectionBase::idle_hook>,
                           boost::intrusive::constant_time_size<false>>
        idle_;
};

}  // namespace hermes::http
