// The bad days that a person can switch on by name, at the terminal and on the page.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "simulator/wecom/faults.hpp"

namespace hermes::host::simulator {

struct NamedFault {
    std::string_view name;
    std::string_view text;  // what it does, for a person
    Fault fault;            // with how many times it is met by default
};

std::span<const NamedFault> named_faults();
const NamedFault* find_named_fault(std::string_view name);

}  // namespace hermes::host::simulator
