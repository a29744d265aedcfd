#include "settings/example_values.hpp"

#include <doctest/doctest.h>

namespace hermes::wecom {

TEST_SUITE("adapter/example_values") {
    TEST_CASE("what stands for a value of the reader's own is an example") {
        for (const auto* value :
             {"...", "****", "xxxx", "XXXXXXXX", "<your secret>", "your-corp-secret", "YOUR_TOKEN",
              "changeme", "ww0123456789abcdef", " ... ", "token", "secret"}) {
            CAPTURE(value);
            CHECK(is_example(value));
        }
    }

    TEST_CASE("what could be anybody's own value is none") {
        for (const auto* value : {"", "x", ".", "ww1", "wx7c1d8a9be0f24c35", "k3Jd8sLw", "xxy",
                                  "yourself", "tokens", "secret-of-hr", "<", "my<secret>"}) {
            CAPTURE(value);
            CHECK_FALSE(is_example(value));
        }
    }
}

}  // namespace hermes::wecom
