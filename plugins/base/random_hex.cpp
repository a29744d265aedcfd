#include "base/random_hex.hpp"

#include <sys/random.h>

#include <cerrno>
#include <vector>

#include "base/ascii.hpp"

namespace hermes::base {

std::string random_hex(std::size_t bytes) {
    std::vector<unsigned char> random(bytes);
    while (::getrandom(random.data(), random.size(), 0) < 0 && errno == EINTR) {
    }
    return hex(random);
}

}  // namespace hermes::base
