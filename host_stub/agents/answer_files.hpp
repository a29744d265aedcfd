// Turns the files that an agent's answer names into attachments.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "agents/agent.hpp"

namespace hermes::host {

// The same agent, for which each turn has a folder of its own (AgentRequest::files_folder). What
// its answer names in there or in one of `folders` is copied and attached; what it names elsewhere
// stays as it was written, and a warning says why.
std::unique_ptr<Agent> with_answer_files(std::unique_ptr<Agent> agent,
                                         std::vector<std::filesystem::path> folders);

// Where the folders and copies of all turns of this process are, in `data_dir`. Removes what
// processes have left there that run no more.
std::filesystem::path make_files_room(const std::filesystem::path& data_dir);

}  // namespace hermes::host
