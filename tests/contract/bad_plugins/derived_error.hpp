// An exception of a type that only the plugin knows.
#pragma once

#include <stdexcept>

class DerivedError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};
