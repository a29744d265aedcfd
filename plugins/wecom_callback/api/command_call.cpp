#include "api/command_call.hpp"

#include <array>
#include <string>
#include <string_view>

namespace hermes::wecom {

ApiResult for_command(ApiResult result) {
    constexpr std::array<std::string_view, 3> promises{"it is tried again by itself, more slowly",
                                                       "it is tried again by itself",
                                                       "another one is fetched by itself"};
    for (const auto promise : promises) {
        if (const auto at = result.sentence.find(promise); at != std::string::npos) {
            result.sentence.replace(at, promise.size(), "try again in a minute");
            break;
        }
    }
    return result;
}

}  // namespace hermes::wecom
