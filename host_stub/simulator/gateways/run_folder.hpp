// The folder in which a simulation lives: configuration, state, log. Only its owner can read it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hermes::host::simulator {

// Where it is if nobody says: in $XDG_STATE_HOME, else in ~/.local/state.
std::filesystem::path default_run_folder();

// Makes the folder (0700) if it is not there. Throws std::runtime_error with one line.
void make_private_folder(const std::filesystem::path& folder);

// A link to a folder that follows it when it moves. Throws as above.
void link_folder(const std::filesystem::path& link, const std::filesystem::path& target);

// Has a `.env` file set that variable by a line of ours, instead of the one that we wrote before;
// with an empty value there is none. What else is in it stays. Throws as above.
void set_in_env_file(const std::filesystem::path& file, const std::string& name,
                     const std::string& value);

// Whether somebody listens there already.
bool port_is_taken(const std::string& host, std::uint16_t port);
// A sentence about an address, in whichever language ("cannot listen on 127.0.0.1:8645: …").
bool names_port(std::string_view sentence, std::uint16_t port);
std::uint16_t any_free_port();  // on 127.0.0.1

}  // namespace hermes::host::simulator
