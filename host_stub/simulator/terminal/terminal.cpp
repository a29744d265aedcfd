#include "simulator/terminal/terminal.hpp"

#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace hermes::host::simulator {

namespace {

constexpr std::string_view clear_line = "\r\x1b[K";
constexpr std::string_view indent = "    ";

std::string_view code_of(Style style) {
    switch (style) {
        case Style::dim:
            return "\x1b[2m";
        case Style::strong:
            return "\x1b[1m";
        case Style::good:
            return "\x1b[32m";
        case Style::bad:
            return "\x1b[31m";
        case Style::plain:
            return "";
    }
    return "";
}

bool wants_colour() {
    // NOLINTBEGIN(concurrency-mt-unsafe): nobody sets variables while threads run
    const char* const no_color = std::getenv("NO_COLOR");  // https://no-color.org
    const char* const term = std::getenv("TERM");
    // NOLINTEND(concurrency-mt-unsafe)
    return (no_color == nullptr || *no_color == '\0') && term != nullptr &&
           std::string_view(term) != "dumb";
}

std::string harmless(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\n') {
            result.append("\n").append(indent);
        } else {
            const auto byte = static_cast<unsigned char>(c);
            result.push_back((byte < 0x20 && c != '\t') || byte == 0x7f ? '?' : c);
        }
    }
    return result;
}

}  // namespace

Terminal::Terminal(int in, int out)
    : out_(out),
      is_interactive_(::isatty(in) == 1 && ::isatty(out) == 1),
      has_colour_(::isatty(out) == 1 && wants_colour()) {}

void Terminal::print(Style style, std::string_view text) {
    const auto code = has_colour_ ? code_of(style) : std::string_view();
    const std::lock_guard lock(mutex_);
    std::string line;
    if (!prompt_.empty()) {
        line += clear_line;
    }
    line.append(code).append(harmless(text)).append(code.empty() ? "" : "\x1b[0m").append("\n");
    write(line.append(prompt_));
}

void Terminal::show_prompt(std::string prompt) {
    if (is_interactive_) {
        const std::lock_guard lock(mutex_);
        prompt_ = std::move(prompt);
        write(prompt_);
    }
}

void Terminal::end_prompt() {
    const std::lock_guard lock(mutex_);
    prompt_.clear();
}

void Terminal::write(std::string_view text) const {
    while (!text.empty()) {
        const auto written = ::write(out_, text.data(), text.size());
        if (written <= 0) {
            return;  // nobody reads any more
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace hermes::host::simulator
