// A chat that took place, as a scenario that passes if it goes the same way again. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "simulator/fault_diary.hpp"
#include "simulator/page_server/tar_archive.hpp"
#include "simulator/wecom/media_shelf.hpp"
#include "simulator/wecom/record.hpp"

namespace hermes::host::simulator {

// What the simulator remembers; of other chats too.
struct Remembered {
    std::vector<ChatEntry> entries{};
    std::vector<WireStep> steps{};
    std::vector<FaultChange> faults{};
    // A file that was sent, as long as the simulator has it.
    std::function<std::optional<Media>(const std::string& media_id)> media =
        [](const std::string&) { return std::nullopt; };
};

struct SavedScenario {
    std::string name{};                 // without an ending
    std::string yaml{};                 // as scenario_reader.hpp reads it
    std::vector<ArchivedFile> files{};  // what members sent, by where it belongs beside the YAML
};

bool has_chat(const Remembered& remembered, const std::string& app, const std::string& user_id);

// Of what happened to the gateway and to WeCom it has what
// came before the chat's last message. What a scenario has no word for is a comment.
SavedScenario save_scenario(const Remembered& remembered, const std::string& app,
                            const std::string& user_id);

// What a person gets: the YAML, or an archive of it and the files, and what it is called.
struct ScenarioDownload {
    std::string file_name{};
    std::string content_type{};
    std::string bytes{};
};
ScenarioDownload download_of(const SavedScenario& scenario, base::WallTime now);

}  // namespace hermes::host::simulator
