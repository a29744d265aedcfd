#include <csignal>

#include "cli/cli.hpp"

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe or socket is an error code, not an end
    return hermes::host::run_command_line(argc, argv);
}
