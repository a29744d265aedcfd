// A signal in words: "Killed".
#pragma once

#include <csignal>
#include <cstring>
#include <string>

namespace hermes::host {

// Its number if it has no words. Not strsignal(), which other threads may use at the same time.
inline std::string signal_name(int number) {
    const char* const words = ::sigdescr_np(number);
    return words == nullptr ? std::to_string(number) : words;
}

}  // namespace hermes::host
