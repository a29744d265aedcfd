// What a program executes, where the machine itself counts no instructions.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace hermes::bench {

// Of each thing that this program does when it is run again with the arguments for `count` of them:
// outside of the kernel, the difference of two lengths, without start and stop. 0 if valgrind can't
// be run.
double instructions_each(
    const std::function<std::vector<std::string>(std::size_t count)>& arguments, std::size_t count);

}  // namespace hermes::bench
