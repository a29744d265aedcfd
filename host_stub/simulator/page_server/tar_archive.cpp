#include "simulator/page_server/tar_archive.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace hermes::host::simulator {

namespace {

constexpr std::size_t block = 512;

// A field of the header: its place and its size.
struct Field {
    std::size_t at;
    std::size_t size;
};
constexpr Field path_field{0, archived_path_bytes_max};
constexpr Field mode_field{100, 8};
constexpr Field owner_field{108, 8};
constexpr Field group_field{116, 8};
constexpr Field size_field{124, 12};
constexpr Field time_field{136, 12};
constexpr Field sum_field{148, 8};
constexpr Field type_field{156, 1};
constexpr Field magic_field{257, 8};

void put(std::string& header, Field field, std::string_view text) {
    std::copy_n(text.begin(), std::min(text.size(), field.size),
                header.begin() + static_cast<std::ptrdiff_t>(field.at));
}

// Octal digits, and a zero byte at the end.
void put_number(std::string& header, Field field, unsigned long long number) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%0*llo", static_cast<int>(field.size - 1), number);
    put(header, field, digits);
}

std::string header_of(const ArchivedFile& file, long long modified_at_s) {
    std::string header(block, '\0');
    put(header, path_field, file.path);
    put_number(header, mode_field, 0644);
    put_number(header, owner_field, 0);
    put_number(header, group_field, 0);
    put_number(header, size_field, file.bytes.size());
    put_number(header, time_field, static_cast<unsigned long long>(modified_at_s));
    put(header, type_field, "0");
    put(header, magic_field,
        std::string_view("ustar\0"
                         "00",
                         8));
    put(header, sum_field, "        ");
    const auto sum = std::accumulate(header.begin(), header.end(), 0ULL, [](auto so_far, char c) {
        return so_far + static_cast<unsigned char>(c);
    });
    put_number(header, {sum_field.at, sum_field.size - 1}, sum);
    return header;
}

}  // namespace

std::string format_tar(const std::vector<ArchivedFile>& files, long long modified_at_s) {
    std::string archive;
    for (const auto& file : files) {
        archive += header_of(file, modified_at_s) + file.bytes;
        archive.append((block - file.bytes.size() % block) % block, '\0');
    }
    return archive.append(2 * block, '\0');
}

}  // namespace hermes::host::simulator
