#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

namespace hermes::wecom {

// What became of a message, all of its parts considered.
struct DeliveryReport {
    enum class Status { delivered, failed, deferred };
    Status status = Status::deferred;
    boost::system::error_code error;  // why it failed
    bool past_deadline = false;       // it failed since there was no time left
    std::string msgid;
    std::string sentence;
};

// For the log: whose messages wait, by what the store knows of the app.
std::string describe_unknown_app(const std::string& account);

// The report on a message that the store did not take.
DeliveryReport not_stored(boost::system::error_code error);

// Who is to be told what becomes of which message. Not thread-safe.
class ExpectedReports {
public:
    using Handler = std::function<void(const DeliveryReport&)>;

    void expect(std::int64_t message, Handler handler);
    // To who expects it, if anybody does.
    void give(std::int64_t message, const DeliveryReport& report);
    // All that are left are deferred.
    void defer_all();

private:
    std::unordered_map<std::int64_t, Handler> handlers_;
};

}  // namespace hermes::wecom
