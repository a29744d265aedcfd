// A file that goes with a part of a message: on its way into the store, and as it is kept there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace hermes::durable {

// As it is kept (files.hpp).
struct StoredFile {
    std::int64_t id = 0;
    std::string name{};  // for people: never a path
    std::uint64_t bytes = 0;
    std::string digest{};  // SHA-256 of what is in it, in hexadecimal digits
};

// Where the bytes of a new file come from.
class FileSource {
public:
    virtual ~FileSource() = default;
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;

    // The next ones, at most so many; none at the end. An error: it can't be read, and is not asked
    // again. Does not throw.  [beside the loop]
    virtual base::Result<std::string> read(std::size_t bytes_max) = 0;

protected:
    FileSource() = default;
};

struct NewFile {
    std::size_t part = 0;  // that it goes with: the place in NewMessage::parts
    std::string name{};
    std::unique_ptr<FileSource> source{};
};

}  // namespace hermes::durable
