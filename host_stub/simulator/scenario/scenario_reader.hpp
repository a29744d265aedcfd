// A scenario's YAML:
//
//   app: assistant       # of the steps that name no other
//   as: zhangsan         # who writes and reads, of the steps that name nobody else
//   within: 10           # seconds that an answer may take, of the steps that give no other
//   steps:
//     - write: hello     # and `acknowledged: false` where the gateway is not to answer 200
//     - file: notes.txt  # or image, voice, video; from where the scenario is
//       name: notes?.txt # as which it is sent, if not as what it is called
//     - location: Canton Tower
//       latitude: 23.106
//       longitude: 113.324
//     - link: https://example.com
//       title: Handbook  # and a `description`
//     - event: click
//       key: approve
//     - press: Take it   # on the chat's latest card
//       card: 1          # or on its first
//     - expect: hello    # the whole answer
//       within: 30
//     - expect_match: ^hel+o$
//     - expect_image: chart.png  # or expect_voice, expect_video, expect_file
//       bytes: 1234              # or `sha256`, or neither
//     - await: agent_begun
//     - fault: busy
//       times: 2
//     - faults: clear
//     - api: down        # up
//     - token: revoke
//     - gateway: kill    # restart
#pragma once

#include <filesystem>
#include <string_view>

#include "simulator/scenario/scenario.hpp"

namespace hermes::host::simulator {

// Throws UsageError with one sentence that names the file and the line: also for a fault, a step of
// the wire or a regular expression that there can't be. Whether the apps exist is not known here.
Scenario parse_scenario(std::string_view text, std::string_view name);

// As above, and for a file that can't be read.
Scenario read_scenario(const std::filesystem::path& file);

}  // namespace hermes::host::simulator
