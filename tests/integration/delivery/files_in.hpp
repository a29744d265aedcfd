// Members who send files, for the tests of what becomes of them.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "integration/delivery/adapter_rig.hpp"

namespace hermes::test {

inline const std::string jpeg = std::string("\xff\xd8\xff\xe0 a picture of an invoice");

inline std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

// `user` sends a picture to hr.
inline void send_picture(AdapterRig& rig, const std::string& user, const std::string& bytes = jpeg,
                         const std::string& file_name = "photo.jpg") {
    const auto media_id = rig.wecom.keep_media("image", "image/jpeg", bytes, file_name);
    REQUIRE(rig.wecom.write("hr", user, host::simulator::image_message(media_id, "http://p/"))
                .acknowledged);
}

inline void write_text(AdapterRig& rig, const std::string& user, const std::string& text) {
    REQUIRE(rig.wecom.write("hr", user, host::simulator::text_message(text)).acknowledged);
}

// The next event that the host is given, while time passes.
inline MessageEvent next_event(AdapterRig& rig, std::chrono::seconds step = {}) {
    for (int i = 0; i < 20; ++i) {
        if (auto event = rig.host.events.take(std::chrono::milliseconds(1'100))) {
            return std::move(*event);
        }
        rig.clock.advance(step);
    }
    FAIL("nothing was handed over");
    return {};
}

// So many calls of that kind have been made.
inline bool wait_for_calls(const AdapterRig& rig, host::simulator::Call call, std::size_t count) {
    return rig.wecom.wait_until([&] { return rig.wecom.calls(call) >= count; }, patience);
}

inline std::size_t files_in(const AdapterRig& rig) {
    const auto folder = rig.directory.path() / "media";
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder),
                                                  std::filesystem::directory_iterator()));
}

}  // namespace hermes::test
