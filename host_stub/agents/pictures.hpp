// Pictures of a message for a model that can see: as data URLs, which need no server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hermes/message.hpp"

namespace hermes::host {

// More is left out: what an endpoint takes at all, and what a request should not exceed.
inline constexpr std::uint64_t picture_bytes_max = 10'000'000;
inline constexpr std::uint64_t pictures_bytes_max = 20'000'000;

struct Pictures {
    std::vector<std::string> urls{};  // data:image/jpeg;base64,...
    std::string note{};  // for the model, on what was left out, which may be all; may be empty
};

// Of the event's attachments those that are JPEG, PNG, GIF or WebP by their type. Reads the files.
Pictures pictures_of(const MessageEvent& event);

}  // namespace hermes::host
