// What somebody is asked who connects an app for the first time, and what is to be done in WeCom's
// admin console, in the order in which the console takes it. In English and in Chinese.
#pragma once

#include <string>
#include <vector>

#include "hermes/ext/setup_guide.hpp"

namespace hermes::wecom {

std::vector<SetupQuestion> setup_questions(GuideLanguage language);

// By its shape; corp_secret also by asking WeCom for an access token and for the app's own data.
SetupVerdict check_setup_answer(const SetupAnswers& answers, const std::string& key,
                                GuideLanguage language);

// The console takes a trusted IP only once a callback URL has been saved, which needs a listener:
// that is why the order matters.
std::vector<std::string> setup_steps(const std::vector<SetupAnswers>& entries,
                                     const std::string& command, const std::string& config,
                                     GuideLanguage language);

}  // namespace hermes::wecom
