// What the host says, in Chinese (translator.hpp). A sentence that changes changes here too.
#pragma once

#include <span>

#include "hermes/ext/translations.hpp"

namespace hermes::host {

std::span<const Translation> chinese_rows();

}  // namespace hermes::host
