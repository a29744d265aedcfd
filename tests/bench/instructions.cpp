#include "instructions.hpp"

#include <chrono>
#include <filesystem>
#include <string_view>

#include "base/child_process.hpp"

namespace hermes::bench {
namespace {

constexpr std::chrono::minutes valgrind_patience{10};
constexpr std::size_t valgrind_output_max = 1'000'000;

double count(const std::vector<std::string>& arguments) {
    base::ChildOptions options;
    options.command = {
        "valgrind",         "--tool=callgrind",
        "--fair-sched=yes", "--callgrind-out-file=/dev/null",
        "--log-fd=1",       std::filesystem::read_symlink("/proc/self/exe").string()};
    options.command.insert(options.command.end(), arguments.begin(), arguments.end());
    options.timeout = valgrind_patience;
    options.output_bytes_max = valgrind_output_max;
    double counted = 0;
    options.on_line = [&](std::string_view line) {
        constexpr std::string_view word = "Collected : ";
        if (const auto at = line.find(word); at != std::string_view::npos) {
            counted = std::stod(std::string(line.substr(at + word.size())));
        }
    };
    const auto ended = base::run_child(options, {});
    const bool succeeded = ended.end == base::ChildResult::End::exited && ended.status == 0;
    return succeeded ? counted : 0;
}

}  // namespace

double instructions_each(const std::function<std::vector<std::string>(std::size_t)>& arguments,
                         std::size_t number) {
    const auto once = count(arguments(number));
    const auto thrice = count(arguments(3 * number));
    return once == 0 || thrice == 0 ? 0 : (thrice - once) / static_cast<double>(2 * number);
}

}  // namespace hermes::bench
