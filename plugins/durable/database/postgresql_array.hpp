// An array as PostgreSQL reads it (its manual, 8.15.2): {1,2}, {"a","b"}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hermes::durable {

class PostgresqlArray {
public:
    void add(std::int64_t number) {
        begin_element();
        text_ += std::to_string(number);
        text_ += '}';
    }

    void add(std::string_view text) {
        begin_element();
        text_ += '"';
        for (const char c : text) {
            if (c == '"' || c == '\\') {
                text_ += '\\';
            }
            text_ += c;
        }
        text_ += "\"}";
    }

    void clear() { text_ = "{}"; }
    // To be bound to a statement, which reads what it is then.
    const std::string& text() const noexcept { return text_; }

private:
    void begin_element() {
        text_.back() = ',';  // the end
        if (text_.size() == 2) {
            text_.pop_back();  // the first one
        }
    }

    std::string text_ = "{}";
};

}  // namespace hermes::durable
