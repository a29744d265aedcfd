// The command line.
#pragma once

namespace hermes::host {

// Parses, runs the command, returns the exit status. Errors are one line each on stderr.
int run_command_line(int argc, const char* const* argv);

}  // namespace hermes::host
