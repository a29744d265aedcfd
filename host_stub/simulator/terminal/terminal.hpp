// Lines for a person, printed from any thread without tearing the prompt apart.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

namespace hermes::host::simulator {

enum class Style { plain, dim, strong, good, bad };

class Terminal {
public:
    // Colours and a prompt only where a person sees them: `out` is a file descriptor.
    Terminal(int in, int out);

    bool is_interactive() const noexcept { return is_interactive_; }

    // Text that came from elsewhere may be anything: control characters are shown as `?`, further
    // lines are indented.  [any]
    void print(Style style, std::string_view text);

    // Shows it, and again below whatever is printed until end_prompt.  [any]
    void show_prompt(std::string prompt);
    void end_prompt();  // the person has pressed Enter

private:
    void write(std::string_view text) const;

    const int out_;
    const bool is_interactive_;
    const bool has_colour_;
    std::mutex mutex_;
    std::string prompt_;
};

}  // namespace hermes::host::simulator
