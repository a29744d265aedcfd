// Questions to a person at a terminal, or to a file on stdin.
#pragma once

#include <optional>
#include <string>

namespace hermes::host {

enum class Echo { shown, hidden };

class Dialogue {
public:
    // One line, without its end and the blanks around it; nothing at the end of the input. What is
    // typed is not shown for a secret, if it is typed at a terminal.
    std::optional<std::string> ask(const std::string& question, Echo echo = Echo::shown);
    // True for an answer that begins with y or 是; false for any other, and at the end.
    bool agrees(const std::string& question);
    void say(const std::string& line);
};

}  // namespace hermes::host
