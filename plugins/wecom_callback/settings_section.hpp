// One map of the settings, read with the path that leads to it in every complaint. Collects
// problems instead of throwing, so that an operator sees them all at once.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hermes::wecom {

class Section {
public:
    // Keeps references: `values` and `problems` outlive the section. `prefix` as in `apps[1].`.
    Section(const boost::json::object& values, std::string prefix,
            std::vector<std::string>& problems)
        : values_(&values), prefix_(std::move(prefix)), problems_(&problems) {}

    // Notes `key`, with its path, followed by `sentence`.
    void problem(std::string_view key, std::string_view sentence) const;
    std::string path(std::string_view key) const { return prefix_ + std::string(key); }
    bool has(std::string_view key) const;  // and is not null

    // Each falls back to the default of the settings table, and notes a problem for a value that
    // does not fit.
    std::string text(std::string_view key) const;
    std::string required_text(std::string_view key) const;
    std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high) const;
    bool boolean(std::string_view key) const;
    std::chrono::seconds duration(std::string_view key) const;
    std::vector<std::string> list(std::string_view key) const;

    enum class Place {
        top_alone,      // platform settings and those of the only app
        top_with_apps,  // platform settings beside a list of apps
        app,            // an entry of that list
    };
    void refuse_unknown_keys(Place place) const;

private:
    const boost::json::object* values_;
    std::string prefix_;
    std::vector<std::string>* problems_;
};

}  // namespace hermes::wecom
