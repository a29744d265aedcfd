// Whether a copy of a library has not come to its end. To load one is a bus error, not a sentence.
#pragma once

#include <filesystem>

namespace hermes::host {

// True if the file ends before what its ELF headers say is in it. False for what is no ELF file of
// this machine's kind, and for what can't be read: whoever loads it has the words for that.
bool is_cut_short(const std::filesystem::path& library);

}  // namespace hermes::host
