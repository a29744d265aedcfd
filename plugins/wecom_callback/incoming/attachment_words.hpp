// What an agent is told of the files that came with a message. Pure.
#pragma once

#include <string>
#include <vector>

#include "durable/inbox/event.hpp"
#include "hermes/message.hpp"

namespace hermes::wecom {

// Why a file is not there, in English and in Chinese: an agent reads it, and may tell the member.
std::string missing_file_sentence(boost::system::error_code error);

// For the trace: ", with a file of 123 bytes"; empty if there are none.
std::string in_words(const std::vector<durable::EventFile>& files);

// Completes the event's attachments, which are in the order of `files`: with the path of what is
// here. Why another one is not is said in brackets behind the text, and in the detail
// `attachments[0].problem`. What was said in a voice message is the text; why nobody could tell is
// said likewise, in the detail `attachments[0].text_problem`.
void add_files(MessageEvent& event, const std::vector<durable::EventFile>& files);

}  // namespace hermes::wecom
