#include "guide/dialogue.hpp"

#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "base/ascii.hpp"

namespace hermes::host {
namespace {

// The terminal as it was before something was hidden; for the signal handler.
termios shown_typing{};

// Ends as Ctrl-C does, with a terminal that shows again what is typed.
void show_and_end(int signal) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown_typing);
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

// While it lives, a terminal on stdin does not show what is typed.
class HiddenTyping {
public:
    HiddenTyping() {
        if (::tcgetattr(STDIN_FILENO, &shown_typing) != 0) {
            return;
        }
        ::signal(SIGINT, show_and_end);
        auto hidden = shown_typing;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        is_hidden_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
    }
    ~HiddenTyping() {
        if (is_hidden_) {
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown_typing);
            ::signal(SIGINT, SIG_DFL);
            std::cout << '\n';
        }
    }
    HiddenTyping(const HiddenTyping&) = delete;
    HiddenTyping& operator=(const HiddenTyping&) = delete;

private:
    bool is_hidden_ = false;
};

std::optional<std::string> read_line() {
    std::string line;
    if (!std::getline(std::cin, line)) {
        return std::nullopt;
    }
    return std::string(base::trim(line));
}

}  // namespace

std::optional<std::string> Dialogue::ask(const std::string& question, Echo echo) {
    std::cout << question << ": " << std::flush;
    std::optional<HiddenTyping> hidden;
    if (echo == Echo::hidden) {
        hidden.emplace();
    }
    auto answer = read_line();
    if (::isatty(STDIN_FILENO) == 0) {
        std::cout << std::endl;  // nobody has pressed Enter
    }
    return answer;
}

bool Dialogue::agrees(const std::string& question) {
    const auto answer = ask(question);
    return answer &&
           (answer->starts_with('y') || answer->starts_with('Y') || answer->starts_with("是"));
}

void Dialogue::say(const std::string& line) {
    std::cout << line << std::endl;
}

}  // namespace hermes::host
