#include "commands/secret_files.hpp"

#include <doctest/doctest.h>

namespace hermes::host {

TEST_SUITE("host_stub/secret_files") {
    TEST_CASE("what its owner and its group may do exposes a file to nobody") {
        for (const mode_t mode : {0600U, 0640U, 0660U, 0400U, 0U, 0751U}) {
            CAPTURE(mode);
            CHECK(exposure(mode).empty());
        }
    }

    TEST_CASE("what everybody may do is named") {
        CHECK(exposure(0644) == "can be read");
        CHECK(exposure(0602) == "can be changed");
        CHECK(exposure(0666) == "can be read and changed");
        CHECK(exposure(0100644) == "can be read");  // as stat says it of a file
    }
}

}  // namespace hermes::host
