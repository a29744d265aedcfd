#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

// SOCI 4.0.3 forgets a connection that is made and breaks at SOCI's own first question: some tests
// see to just that.
extern "C" [[gnu::visibility("default")]] const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:PQconnectdb\n";
}
