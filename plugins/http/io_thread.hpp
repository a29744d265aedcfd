// The types of what runs on a thread that has an io_context to itself. Nothing here erases the
// executor's type: each step of each request would pay for it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>

namespace hermes::http {

using SteadyClock = std::chrono::steady_clock;
using IoExecutor = boost::asio::io_context::executor_type;
using IoTimer =
    boost::asio::basic_waitable_timer<SteadyClock, boost::asio::wait_traits<SteadyClock>,
                                      IoExecutor>;
template <typename T>
using Awaitable = boost::asio::awaitable<T, IoExecutor>;

}  // namespace hermes::http
