#include "durable/media/media_retention.hpp"

#include <algorithm>
#include <unordered_set>

namespace hermes::durable {

std::vector<std::string> files_to_remove(std::vector<MediaEntry> entries,
                                         const std::vector<std::int64_t>& needed,
                                         const MediaRetention& retention) {
    const std::unordered_set<std::int64_t> kept(needed.begin(), needed.end());
    std::ranges::sort(entries, {}, &MediaEntry::modified_at);
    auto free = retention.free;
    std::vector<std::string> removed;
    for (auto& entry : entries) {
        const auto age = retention.now - entry.modified_at;
        const bool unneeded = !entry.partial && !kept.contains(entry.seq) &&
                              (age > retention.keep || free < retention.reserve);
        if (unneeded || (entry.partial && age > retention.keep_partial)) {
            free += entry.bytes;
            removed.push_back(std::move(entry.name));
        }
    }
    return removed;
}

}  // namespace hermes::durable
