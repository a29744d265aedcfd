#include "gateway/in_force.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "config/text_file.hpp"
#include "system/data_folder.hpp"
#include "system/process_start.hpp"

namespace hermes::host {
namespace {

std::filesystem::path file_in(const std::filesystem::path& data_dir) {
    return data_dir / "in_force.json";
}

bool runs(int pid, const std::string& started) {
    return !started.empty() && start_time_of(pid) == started;
}

}  // namespace

void write_in_force(const std::filesystem::path& data_dir, const InForce& in_force) {
    boost::json::object values;
    for (const auto& [path, value] : in_force.values) {
        values[path] = {value.shown, value.compared};
    }
    const boost::json::object all{{"pid", in_force.pid},
                                  {"started", start_time_of(in_force.pid)},
                                  {"salt", in_force.salt},
                                  {"values", std::move(values)},
                                  {"kept", boost::json::value_from(in_force.kept)}};
    write_private_file(file_in(data_dir), boost::json::serialize(all) + '\n');
}

std::optional<InForce> read_in_force(const std::filesystem::path& data_dir) {
    const auto file = file_in(data_dir);
    if (!is_kept(file)) {
        return std::nullopt;
    }
    const auto text = read_text_file(file);
    InForce in_force;
    std::string started;
    try {
        const auto all = boost::json::parse(text).as_object();
        in_force.pid = all.at("pid").to_number<int>();
        started = all.at("started").as_string();
        in_force.salt = all.at("salt").as_string();
        for (const auto& [path, value] : all.at("values").as_object()) {
            const auto& pair = value.as_array();
            in_force.values[path] = {std::string(pair.at(0).as_string()),
                                     std::string(pair.at(1).as_string())};
        }
        in_force.kept = boost::json::value_to<KeptPaths>(all.at("kept"));
    } catch (const std::exception&) {
        throw std::runtime_error(file.string() +
                                 " cannot be understood: a restart of the gateway "
                                 "writes it anew");
    }
    return runs(in_force.pid, started) ? std::optional(std::move(in_force)) : std::nullopt;
}

void remove_in_force(const std::filesystem::path& data_dir) noexcept {
    std::error_code ignored;
    std::filesystem::remove(file_in(data_dir), ignored);
}

}  // namespace hermes::host
