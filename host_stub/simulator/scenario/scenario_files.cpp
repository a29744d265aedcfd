#include "simulator/scenario/scenario_files.hpp"

#include <stdexcept>
#include <string_view>

#include "config/text_file.hpp"
#include "output/exit_code.hpp"
#include "simulator/scenario/scenario_judge.hpp"

namespace hermes::host::simulator {

namespace {

namespace fs = std::filesystem;

std::string content_type_of(std::string_view type, std::string_view bytes) {
    if (type == "image") {
        return bytes.starts_with("\x89PNG\r\n") ? "image/png" : "image/jpeg";
    }
    return type == "voice"   ? "audio/amr"
           : type == "video" ? "video/mp4"
                             : "application/octet-stream";
}

bool is_inside(const fs::path& folder, const fs::path& file) {
    const auto relative = file.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

[[noreturn]] void refuse(const ScenarioStep& step, const std::string& why) {
    throw std::runtime_error("the " + step.media + " " + in_quotes(step.text) + " " + why);
}

}  // namespace

Media read_sent_file(const fs::path& folder, const ScenarioStep& step) {
    std::error_code error;
    const auto home = fs::canonical(folder.empty() ? fs::path(".") : folder, error);
    const auto file = fs::weakly_canonical(home / step.text, error);
    if (error || fs::path(step.text).is_absolute() || !is_inside(home, file)) {
        refuse(step, "lies outside the scenario's folder: name it from there, put it in there");
    }
    if (!fs::exists(file, error)) {
        refuse(step, "is not there: it belongs to " + file.parent_path().string());
    }
    if (!fs::is_regular_file(file, error)) {
        refuse(step, "is no file");
    }
    const auto size = fs::file_size(file, error);
    const auto max = media_bytes_max(step.media);
    if (!error && size > max) {
        refuse(step, "is too large: WeCom takes " + std::to_string(max / megabyte) +
                         " MB, and it has " + std::to_string(size) + " bytes");
    }
    Media media{.type = step.media,
                .file_name = step.name.empty() ? file.filename().string() : step.name,
                .content_type = {},
                .bytes = read_text_file(file, max)};
    if (media.bytes.size() < media_bytes_min) {
        refuse(step, "is too small: WeCom takes no file of less than " +
                         std::to_string(media_bytes_min) + " bytes");
    }
    media.content_type = content_type_of(step.media, media.bytes);
    return media;
}

void check_sent_files(const Scenario& scenario, const fs::path& folder) {
    for (const auto& step : scenario.steps) {
        if (step.kind != ScenarioStep::Kind::send_file) {
            continue;
        }
        try {
            read_sent_file(folder, step);
        } catch (const std::runtime_error& problem) {
            throw UsageError(place_of(scenario, step) + ": " + problem.what());
        }
    }
}

}  // namespace hermes::host::simulator
