// What a command prints for a person; a program asks for JSON.
#pragma once

#include <iostream>
#include <string>

#include "output/translator.hpp"

namespace hermes::host {

// One line on stdout, in the operator's language.
inline void say(const Translator& words, const std::string& sentence) {
    std::cout << words(sentence) << '\n';
}

// The same on stderr: of what went wrong, or what is beside the point.
inline void say_aside(const Translator& words, const std::string& sentence) {
    std::cerr << words(sentence) << '\n';
}

}  // namespace hermes::host
