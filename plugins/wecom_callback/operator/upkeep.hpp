// hermes.upkeep/1 and hermes.waiting/1, in WeCom's words.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "hermes/ext/upkeep.hpp"
#include "hermes/ext/waiting.hpp"
#include "settings/settings.hpp"

namespace hermes::wecom {

std::vector<MessageStory> find_stories(const Settings& settings, const std::string& data_directory,
                                       const StoryFilter& filter);
std::vector<WaitingMessage> find_waiting(const Settings& settings,
                                         const std::string& data_directory, std::size_t limit);
std::string back_up_state(const Settings& settings, const std::string& data_directory,
                          const std::string& file);
// `chat`: corp_id:user_id. Throws std::runtime_error for anything else.
Forgotten forget_member(const Settings& settings, const std::string& data_directory,
                        const std::string& chat);

}  // namespace hermes::wecom
