#include "agents/answer_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

#include "agents/allowed_file.hpp"
#include "agents/named_files.hpp"
#include "base/ascii.hpp"
#include "base/file_name.hpp"
#include "output/member_texts.hpp"
#include "system/temporary_folder.hpp"

namespace hermes::host {
namespace {

constexpr std::size_t name_bytes_max = 128;  // that a member reads

// Copies as many bytes as the file had when it was opened. Returns how it begins; nothing on an
// error, which errno tells.
std::optional<std::string> copy_file(const AllowedFile& file, const std::filesystem::path& to) {
    const base::UniqueFd target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    std::array<char, 64UL * 1024> buffer{};
    std::string beginning;
    std::uint64_t left = file.bytes;
    while (target && left > 0) {
        const auto got =
            ::read(file.fd.get(), buffer.data(), std::min<std::uint64_t>(left, buffer.size()));
        if (got <= 0 ||
            ::write(target.get(), buffer.data(), static_cast<std::size_t>(got)) != got) {
            errno = got == 0 ? ESTALE : errno;
            return std::nullopt;
        }
        if (beginning.empty()) {
            beginning.assign(buffer.data(), std::min(static_cast<std::size_t>(got), telling_bytes));
        }
        left -= static_cast<std::uint64_t>(got);
    }
    return target ? std::optional(std::move(beginning)) : std::nullopt;
}

// Attaches what one answer names.
class Collector {
public:
    Collector(const AgentRequest& request, std::vector<std::filesystem::path> folders,
              AgentReply& reply)
        : request_(request), folders_(std::move(folders)), reply_(reply) {}

    void run() {
        reply_.text = without_media_lines(reply_.text, [this](std::string_view path) {
            return take({.path = std::string(path)});
        });
        const auto language = language_of(reply_.text.empty() ? request_.event.text : reply_.text);
        const auto asked = reply_.question ? take_last_paragraph() : "";
        for (const auto& file : std::exchange(reply_.named_files, {})) {
            if (!take(file)) {
                unsent_.push_back({.name = name_of(file)});
            }
            if (!file.caption.empty()) {
                say(file.caption);
            }
        }
        for (const auto& [name, bytes] : unsent_) {
            say(bytes == 0 ? file_not_sent_text(language, name)
                           : file_too_large_text(language, name, bytes, request_.files.bytes_max));
        }
        if (!asked.empty()) {
            say(asked);
        }
    }

private:
    // What the member reads in its place. A line of the answer that can't be taken stays instead.
    struct Unsent {
        std::string name;         // for a person
        std::uint64_t bytes = 0;  // if that is why; what else there is concerns the operator alone
    };

    static std::string name_of(const NamedFile& named) {
        return base::shown_file_name(named.name.empty() ? named.path : named.name, name_bytes_max);
    }

    // Whether it is done with: attached, or to be said in words why it is not.
    bool take(const NamedFile& named) {
        const auto& limits = request_.files;
        if (reply_.attachments.size() >= limits.count_max) {
            warn(named, limits.count_max == 0 ? "is not sent: this platform takes no files"
                                              : "is not sent: a message may have " +
                                                    std::to_string(limits.count_max) + " files");
            return false;
        }
        auto opened = open_allowed_file(folders_, named.path);
        if (const auto* why = std::get_if<FileRefusal>(&opened)) {
            warn(named, *why);
            return false;
        }
        const auto& file = std::get<AllowedFile>(opened);
        if (file.bytes > limits.bytes_max) {
            warn(named, "is not sent: it has " + std::to_string(file.bytes) + " bytes");
            unsent_.push_back({.name = name_of(named), .bytes = file.bytes});
            return true;
        }
        return attach(named, file);
    }

    bool attach(const NamedFile& named, const AllowedFile& file) {
        const auto name =
            named.name.empty() ? std::filesystem::path(named.path).filename().string() : named.name;
        try {
            if (!copies_) {
                copies_ = std::make_shared<const TemporaryFolder>(request_.files.room);
                reply_.files = copies_;
            }
        } catch (const std::system_error& error) {
            warn(named, std::string("cannot be copied: ") + error.what());
            return false;
        }
        const auto path = copies_->path() / std::to_string(reply_.attachments.size() + 1);
        const auto beginning = copy_file(file, path);
        if (!beginning) {
            warn(named, "cannot be copied: " + std::generic_category().message(errno));
            return false;
        }
        reply_.attachments.push_back(
            {.kind = named.kind ? *named.kind : kind_of_file(name, *beginning),
             .path = path.string(),
             .file_name = name,
             .size = file.bytes});
        return true;
    }

    void warn(const NamedFile& named, const std::string& why) {
        reply_.warnings.push_back("the file " + named.path + " in the answer " + why);
    }

    // What is asked: the choices stand behind it, and nothing between.
    std::string take_last_paragraph() {
        auto& text = reply_.text;
        text = std::string(base::trim(text));
        const auto gap = text.rfind("\n\n");
        auto paragraph = gap == text.npos ? text : text.substr(gap + 2);
        text.erase(gap == text.npos ? 0 : gap);
        return paragraph;
    }

    void say(const std::string& words) {
        reply_.text += (reply_.text.empty() ? "" : "\n\n") + words;
    }

    const AgentRequest& request_;
    std::vector<std::filesystem::path> folders_;
    AgentReply& reply_;
    std::shared_ptr<const TemporaryFolder> copies_{};
    std::vector<Unsent> unsent_{};
};

class AnswerFiles final : public Agent {
public:
    AnswerFiles(std::unique_ptr<Agent> agent, std::vector<std::filesystem::path> folders)
        : agent_(std::move(agent)), folders_(std::move(folders)) {}

    AgentReply answer(const AgentRequest& request, std::stop_token stop) override {
        auto with_folder = request;
        auto folders = folders_;
        std::optional<TemporaryFolder> of_turn;
        std::string problem;
        if (!request.files.room.empty()) {
            try {
                of_turn.emplace(request.files.room);
                with_folder.files_folder = of_turn->path().string();
                folders.push_back(of_turn->path());
            } catch (const std::system_error& error) {
                problem = std::string("no folder for the answer's files: ") + error.what();
            }
        }
        auto reply = agent_->answer(with_folder, std::move(stop));
        if (!problem.empty()) {
            reply.warnings.push_back(std::move(problem));
        }
        if (reply.outcome == AgentReply::Outcome::answered) {
            Collector(request, std::move(folders), reply).run();
        }
        return reply;
    }

    std::string given(const AgentRequest& request) const override { return agent_->given(request); }

private:
    std::unique_ptr<Agent> agent_;
    std::vector<std::filesystem::path> folders_;
};

}  // namespace

std::unique_ptr<Agent> with_answer_files(std::unique_ptr<Agent> agent,
                                         std::vector<std::filesystem::path> folders) {
    return std::make_unique<AnswerFiles>(std::move(agent), std::move(folders));
}

std::filesystem::path make_files_room(const std::filesystem::path& data_dir) {
    const auto rooms = data_dir / "agent-files";
    std::error_code ignored;  // what can't be removed is in nobody's way
    for (const auto& entry : std::filesystem::directory_iterator(rooms, ignored)) {
        const auto process = std::atoi(entry.path().filename().c_str());
        if (process == ::getpid() || process <= 0 || (::kill(process, 0) != 0 && errno == ESRCH)) {
            std::filesystem::remove_all(entry.path(), ignored);
        }
    }
    return rooms / std::to_string(::getpid());
}

}  // namespace hermes::host
