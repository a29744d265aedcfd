// Members who are sent files, for the tests of how they get there.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "integration/delivery/adapter_rig.hpp"

namespace hermes::test {

inline const std::string png_head = "\x89PNG\r\n\x1A\n";

// Bytes of every value, after a beginning.
inline std::string content_of(std::size_t bytes, const std::string& beginning = {}) {
    auto content = beginning;
    while (content.size() < bytes) {
        content += static_cast<char>(content.size() * content.size() / 7);
    }
    return content;
}

struct FilesRig : AdapterRig {
    using AdapterRig::AdapterRig;

    std::string write(const std::string& name, const std::string& content) const {
        const auto path = (folder.path() / name).string();
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    Attachment attach(MessageKind kind, const std::string& name, const std::string& content) const {
        return {.kind = kind, .path = write(name, content)};
    }

    // To alice in hr; the files are gone when it has been told.
    SendResult deliver(const std::string& text, std::vector<Attachment> attachments) {
        OutboundMessage message;
        message.account = "hr";
        message.chat = {"ww1:alice"};
        message.text = text;
        message.attachments = std::move(attachments);
        send(std::move(message));
        return next_result();
    }
    SendStatus deliver_one(MessageKind kind, const std::string& name, const std::string& content) {
        return deliver("", {attach(kind, name, content)}).status;
    }

    // "text hello" or "image chart.png", in the order in which members got them.
    std::vector<std::string> seen() const {
        std::vector<std::string> lines;
        for (const auto& one : wecom.deliveries()) {
            lines.push_back(one.type + ' ' + (one.file_name.empty() ? one.content : one.file_name));
        }
        return lines;
    }
    std::string bytes_of_last() const {
        const auto media = wecom.media(wecom.deliveries().back().content);
        return media ? media->bytes : "no media";
    }
    std::size_t uploads() const { return wecom.calls(host::simulator::Call::upload_media); }

    TempDirectory folder;
};

}  // namespace hermes::test
