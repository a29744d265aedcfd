// SHA-256 of bytes that come in pieces.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace hermes::durable {

class ContentDigest {
public:
    ContentDigest();
    ContentDigest(ContentDigest&& other) noexcept;
    ContentDigest& operator=(ContentDigest&& other) noexcept;
    ~ContentDigest();

    void add(std::string_view bytes);
    // Of all that was added, in hexadecimal digits. Once.
    std::string take();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hermes::durable
