#include "operator/upkeep.hpp"

#include <stdexcept>

#include "durable/operator/upkeep.hpp"
#include "incoming/member_files.hpp"
#include "outgoing/letter_words.hpp"
#include "protocol/identity.hpp"

namespace hermes::wecom {

namespace {

durable::Upkeep open(const Settings& settings, const std::string& data_directory) {
    return durable::Upkeep(settings.state.expose_secret(), data_directory, platform_name);
}

}  // namespace

std::vector<MessageStory> find_stories(const Settings& settings, const std::string& data_directory,
                                       const StoryFilter& filter) {
    return open(settings, data_directory).stories(filter, [&](const std::string& account) {
        return settings.apps->name_of(account);
    });
}

std::vector<WaitingMessage> find_waiting(const Settings& settings,
                                         const std::string& data_directory, std::size_t limit) {
    return open(settings, data_directory).waiting(limit, letter_words(settings));
}

std::string back_up_state(const Settings& settings, const std::string& data_directory,
                          const std::string& file) {
    return open(settings, data_directory).back_up(file);
}

Forgotten forget_member(const Settings& settings, const std::string& data_directory,
                        const std::string& chat) {
    const auto address = ChatAddress::parse(chat);
    if (!address) {
        throw std::runtime_error(chat + " is no member: write corp_id:user_id");
    }
    const auto member = address->user.folded();
    return open(settings, data_directory)
        .forget({.chat = address->corp.str() + ':' + member,
                 .member = member,
                 .media_folder = media_folder(settings, data_directory)});
}

}  // namespace hermes::wecom
