// Whether what came is what a scenario expects. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/scenario/scenario.hpp"
#include "simulator/wecom/callback_sender.hpp"
#include "simulator/wecom/record.hpp"

namespace hermes::host::simulator {

// What a member reads of it: a text, a file's name, what stands above a card's buttons.
std::string words_of(std::string_view type, std::string_view content, std::string_view file_name);
std::string words_of(const Delivered& delivered);

// In one line, as C and YAML write it: "a\nb".
std::string in_quotes(std::string_view text);

// A file that has come, beside its name and its kind.
struct FileThatCame {
    std::size_t bytes = 0;
    std::string sha256{};
};

// What differs, as a sentence; nothing if all is as expected. `file`: where a file was expected,
// and it is known what it holds.
std::optional<std::string> judge_file(const ScenarioStep& expected,
                                      const std::optional<Delivered>& came,
                                      const std::optional<FileThatCame>& file);
std::optional<std::string> judge_answer(const ScenarioStep& expected,
                                        const std::optional<Delivered>& came);
std::optional<std::string> judge_callback(const ScenarioStep& done, const CallbackResult& result);

}  // namespace hermes::host::simulator
