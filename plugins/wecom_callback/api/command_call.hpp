// Calls that a command waits for.
#pragma once

#include <future>
#include <utility>

#include "api/wecom_api.hpp"

namespace hermes::wecom {

// As a command says it, behind which nobody tries anything again.
ApiResult for_command(ApiResult result);

// `call` is given the handler.
template <typename Call>
ApiResult wait_for(Call call) {
    std::promise<ApiResult> result;
    call([&result](ApiResult answer) { result.set_value(std::move(answer)); });
    return for_command(result.get_future().get());
}

}  // namespace hermes::wecom
