// What an operator reads in the store: names of apps instead of their ids, texts instead of XML.
#pragma once

#include "durable/operator/operator_view.hpp"
#include "settings/settings.hpp"

namespace hermes::wecom {

durable::LetterWords letter_words(const Settings& settings);

}  // namespace hermes::wecom
