#include "base/utf8.hpp"
#include "fuzz/property.hpp"
#include "protocol/file_name.hpp"
#include "protocol/media_type.hpp"

using hermes::test::property;
using namespace hermes::wecom;

namespace {

void check_name(const std::string& name) {
    property(name.size() <= file_name_bytes_max, "a name is bounded");
    property(hermes::base::is_utf8(name), "a name is UTF-8");
    property(name.find_first_of("/\\\r\n") == std::string::npos, "a name leads nowhere");
    property(name != "." && name != "..", "a name is no folder");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = hermes::test::text_of(data, size);
    check_name(clean_file_name(text));
    check_name(file_name_in(text));
    const auto type = media_type_of(text.substr(0, media_beginning_bytes), text, text);
    property(!type.suffix.empty() && type.suffix.size() <= 8 &&
                 type.suffix.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") ==
                     std::string::npos,
             "a suffix can stand in a name");
    return 0;
}
