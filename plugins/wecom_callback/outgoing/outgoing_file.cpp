#include "outgoing/outgoing_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

#include "base/unique_fd.hpp"
#include "outgoing/file_words.hpp"

namespace hermes::wecom {

namespace {

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

// At most so many bytes from the present position; fewer only at the end.
base::Result<std::string> read_from(int fd, std::size_t bytes_max) {
    std::string bytes(bytes_max, '\0');
    std::size_t count = 0;
    while (count < bytes_max) {
        const auto got = ::read(fd, bytes.data() + count, bytes_max - count);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return last_error();
        }
        if (got == 0) {
            break;
        }
        count += static_cast<std::size_t>(got);
    }
    bytes.resize(count);
    return bytes;
}

// A file that has to be as long as it was when it was looked at.
class OpenFile final : public durable::FileSource {
public:
    OpenFile(base::UniqueFd fd, std::uint64_t bytes) : fd_(std::move(fd)), left_(bytes) {}

    base::Result<std::string> read(std::size_t bytes_max) override {
        auto bytes = read_from(fd_.get(), bytes_max);
        if (bytes) {
            if (bytes->size() > left_ || (bytes->empty() && left_ > 0)) {
                return make_error_code(boost::system::errc::io_error);
            }
            left_ -= bytes->size();
        }
        return bytes;
    }

private:
    base::UniqueFd fd_;
    std::uint64_t left_;
};

class Text final : public durable::FileSource {
public:
    explicit Text(std::string text) : text_(std::move(text)) {}

    base::Result<std::string> read(std::size_t bytes_max) override {
        auto piece = text_.substr(at_, bytes_max);
        at_ += piece.size();
        return piece;
    }

private:
    const std::string text_;
    std::size_t at_ = 0;
};

MediaKind wanted_kind(MessageKind kind) noexcept {
    switch (kind) {
        case MessageKind::image:
            return MediaKind::image;
        case MessageKind::voice:
            return MediaKind::voice;
        case MessageKind::video:
            return MediaKind::video;
        default:
            return MediaKind::file;
    }
}

OutgoingFile unreadable(OutgoingFile file, const std::string& why) {
    file.problem = OutgoingFile::Problem::unreadable;
    file.why = why;
    return file;
}

std::string_view given_name(const Attachment& attachment) noexcept {
    return attachment.file_name.empty() ? attachment.path : attachment.file_name;
}

// Fills in what the open file tells.
OutgoingFile look_into(OutgoingFile file, const Attachment& attachment, base::UniqueFd fd) {
    const auto wanted = wanted_kind(attachment.kind);
    const auto beginning = read_from(fd.get(), telling_bytes(wanted));
    if (!beginning || ::lseek(fd.get(), 0, SEEK_SET) != 0) {
        return unreadable(std::move(file), last_error().message());
    }
    const auto fit = fit_media(wanted, file.bytes, *beginning);
    file.kind = fit.kind;
    file.name = media_name(given_name(attachment), fit.suffix);
    file.source = std::make_unique<OpenFile>(std::move(fd), file.bytes);
    return file;
}

}  // namespace

OutgoingFile open_file(const Attachment& attachment) {
    OutgoingFile file{.name = media_name(given_name(attachment), {})};
    if (attachment.path.empty()) {
        file.kind = wanted_kind(attachment.kind);
        file.media_id = attachment.handle;
        return file.media_id.empty() ? unreadable(std::move(file), "it has neither path nor handle")
                                     : std::move(file);
    }
    // Not to wait for the other end of a pipe.
    base::UniqueFd fd(
        ::open(attachment.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat found {};
    if (!fd || ::fstat(fd.get(), &found) != 0) {
        return unreadable(std::move(file), last_error().message());
    }
    if (!S_ISREG(found.st_mode)) {
        return unreadable(std::move(file), "it is no ordinary file");
    }
    file.bytes = static_cast<std::uint64_t>(found.st_size);
    if (file.bytes < media_bytes_min) {
        file.problem = OutgoingFile::Problem::too_small;
        return file;
    }
    if (file.bytes > media_bytes_max(MediaKind::file)) {
        file.problem = OutgoingFile::Problem::too_large;
        return file;
    }
    return look_into(std::move(file), attachment, std::move(fd));
}

std::vector<OutgoingFile> open_files(const OutboundMessage& message, const base::Log& log) {
    std::vector<OutgoingFile> files;
    for (const auto& attachment : message.attachments) {
        const auto& file = files.emplace_back(open_file(attachment));
        if (file.problem != OutgoingFile::Problem::none) {
            log(base::Severity::warning, message.chat.value + ": " + log_line_of(file));
        }
    }
    return files;
}

OutgoingFile markdown_file(std::string_view title, std::string text) {
    std::string name(title);
    std::ranges::replace_if(
        name, [](char c) { return c == '/' || c == '\\'; }, ' ');
    return {.name = media_name(name + ".md", {}),
            .bytes = text.size(),
            .source = std::make_unique<Text>(std::move(text))};
}

}  // namespace hermes::wecom
