#include "watch/watch.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <condition_variable>
#include <exception>
#include <filesystem>
#include <mutex>
#include <utility>

#include "base/host_name.hpp"
#include "config/environment.hpp"
#include "config/text_file.hpp"
#include "output/finding_line.hpp"

namespace hermes::host {
namespace {

using End = base::ChildResult::End;
using std::chrono::seconds;

// A network that swallows everything has doctor wait for each request.
constexpr std::chrono::minutes look_patience{3};
constexpr seconds tell_patience{60};
constexpr std::size_t said_bytes_max = std::size_t{1024} * 1024;
constexpr std::size_t letters_bytes_max = 16 * said_bytes_max;
constexpr const char* letters_max = "500";
// Of a gateway that is still at work: longer, and another one has its chats.
constexpr std::chrono::milliseconds longest_silence{20'000};
// Before a change is believed.
constexpr seconds second_look{30};
// Between looks while something fails: WeCom, for one, blocks who repeats a wrong secret.
constexpr std::chrono::minutes longest_pause{30};

std::string how_it_ended(const base::ChildResult& result) {
    switch (result.end) {
        case End::exited:
            return "exited with status " + std::to_string(result.status) +
                   (result.last_error_line.empty() ? "" : ": " + result.last_error_line);
        case End::signalled:
            return "was killed by signal " + std::to_string(result.status);
        case End::timed_out:
            return "took too long and was killed";
        case End::too_much_said:
            return "said too much";
        case End::not_started:
        case End::no_resources:
        case End::cancelled:
            break;
    }
    return "could not be started: " + result.problem;
}

// Of all platforms, inbox and outbox.
std::int64_t set_aside_in(const boost::json::value& platforms) {
    std::int64_t count = 0;
    for (const auto& platform : platforms.as_array()) {
        for (const auto* side : {"inbox", "outbox"}) {
            count += platform.at(side).at("dead").to_number<std::int64_t>();
        }
    }
    return count;
}

// Of those that share a store the one that is at work the longest tells of it; who shares none
// does.
bool is_teller(const boost::json::value& gateways) {
    for (const auto& gateway : gateways.as_array()) {
        if (gateway.at("silence_ms").to_number<std::int64_t>() < longest_silence.count()) {
            return gateway.at("name").as_string() ==
                   base::host_name() + ", process " + std::to_string(::getpid());
        }
    }
    return true;
}

// Nothing if there is none, or nobody understands it.
std::optional<std::int64_t> read_told(const std::filesystem::path& file) {
    try {
        return boost::json::parse(read_text_file(file)).at("set_aside").to_number<std::int64_t>();
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

}  // namespace

Watch::Watch(WatchConfig config, const ConfigSource& source, const std::filesystem::path& data_dir,
             const Environment& environment, const Translator& words, Log& log)
    : config_(std::move(config)),
      source_{std::filesystem::absolute(source.file), source.env_file, source.data_dir},
      environment_(variable_lines(environment)),
      words_(words),
      log_(log),
      told_file_(data_dir / "watch.json"),
      kept_(read_told(told_file_)),
      report_(kept_),
      longer_pause_(config_.every),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Watch::run(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any asleep;
    while (!stop.stop_requested()) {
        try {
            look_and_tell(stop);
        } catch (const std::exception& problem) {  // no descriptor, no memory
            log_.write(LogLevel::error, "watch", std::string("could not look: ") + problem.what());
        }
        std::unique_lock lock(mutex);
        asleep.wait_for(lock, stop, pause(), [] { return false; });
    }
}

void Watch::look_and_tell(const std::stop_token& stop) {
    const auto round = look(stop);
    if (stop.stop_requested()) {
        return;
    }
    if (const auto sentences = report_.take(round); !sentences.empty()) {
        tell(sentences, stop);
    }
    keep_told();
}

// After it was told: rather twice than never.
void Watch::keep_told() noexcept {
    if (report_.told() == kept_) {
        return;
    }
    try {
        const boost::json::object told{{"set_aside", *report_.told()}};
        write_private_file(told_file_, boost::json::serialize(told) + '\n');
        kept_ = report_.told();
    } catch (const std::exception& problem) {
        log_.write(LogLevel::warning, "watch", problem.what());
    }
}

seconds Watch::pause() {
    if (report_.is_anything_unsure()) {
        return std::min(config_.every, second_look);
    }
    if (!report_.is_anything_failing()) {
        longer_pause_ = config_.every;
        return config_.every;
    }
    return std::exchange(
        longer_pause_,
        std::max<seconds>(config_.every, std::min<seconds>(2 * longer_pause_, longest_pause)));
}

WatchRound Watch::look(const std::stop_token& stop) {
    WatchRound round;
    auto doctor = own_command({"doctor", "--json"});
    doctor.timeout = look_patience;
    doctor.on_line = [&](std::string_view line) {
        if (auto finding = finding_of_json(line)) {
            round.findings.push_back(*std::move(finding));
        }
    };
    const auto result = run_child(doctor, stop);
    if (result.end != End::exited || round.findings.empty()) {
        round.findings.push_back({Finding::Verdict::failed, "doctor", how_it_ended(result)});
    } else {
        round.findings.push_back({Finding::Verdict::ok, "doctor", ""});
    }
    try {
        if (const auto state = ask({"state", "--json"}, stop)) {
            const auto all = set_aside_in(*state);
            round.set_aside = all == 0 ? 0 : all - own_letters(stop);
        }
        const auto gateways = ask({"state", "--json", "gateways"}, stop);
        round.tells_of_store = !gateways || is_teller(*gateways);
    } catch (const std::exception&) {
        // Another version than ours has been installed meanwhile: what it says is not known.
    }
    return round;
}

// Nothing if it can't say.
std::optional<boost::json::value> Watch::ask(std::vector<std::string> words,
                                             const std::stop_token& stop) const {
    auto command = own_command(std::move(words));
    command.timeout = look_patience;
    command.output_bytes_max = letters_bytes_max;
    const auto said = run_child(command, stop);
    if (said.end != End::exited || said.status != 0) {
        return std::nullopt;
    }
    return boost::json::parse(said.output);
}

// Of the messages that were set aside: those by which an administrator was to be told. To tell of
// them would make another one each time.
std::int64_t Watch::own_letters(const std::stop_token& stop) const {
    static constexpr char anywhere = '@';
    const auto line = headline(std::string(1, anywhere));
    const auto before = line.substr(0, line.find(anywhere));
    const auto after = line.substr(before.size() + 1);
    const auto letters =
        config_.chat.empty()
            ? std::nullopt
            : ask({"state", "--json", "dead", "list", "--limit", letters_max}, stop);
    return letters ? std::ranges::count_if(
                         letters->as_array(),
                         [&](const boost::json::value& letter) {
                             const std::string_view shown = letter.at("preview").as_string();
                             return letter.at("account").as_string() == config_.account &&
                                    shown.starts_with(before) &&
                                    shown.find(after, before.size()) != shown.npos;
                         })
                   : 0;
}

std::string Watch::headline(const std::string& machine) const {
    return words_("Hermes gateway on " + machine + ':');
}

void Watch::tell(const std::vector<std::string>& sentences, const std::stop_token& stop) {
    const auto machine = base::host_name();
    auto text = headline(machine.empty() ? "this machine" : machine);
    for (const auto& sentence : sentences) {
        log_.write(sentence.starts_with("good again") ? LogLevel::info : LogLevel::warning, "watch",
                   sentence);
        text += '\n' + one_line(words_(sentence));
    }
    if (!config_.chat.empty()) {
        hand_to("tell",
                own_command({"send", "--account", config_.account, "--chat", config_.chat,
                             "--timeout", "5"}),
                text, stop);
    }
    if (!config_.command.empty()) {
        base::ChildOptions child;
        child.command = config_.command;
        child.folder = source_.file.parent_path().string();
        child.environment = environment_;
        hand_to("command", std::move(child), text + '\n', stop);
    }
}

void Watch::hand_to(const std::string& setting, base::ChildOptions child, const std::string& text,
                    const std::stop_token& stop) {
    child.input = text;
    child.timeout = tell_patience;
    child.output_bytes_max = said_bytes_max;
    const auto result = run_child(child, stop);
    if (result.end == End::cancelled || (result.end == End::exited && result.status == 0)) {
        return;
    }
    log_.write(LogLevel::error, "watch",
               "watch." + setting + ": nobody has been told: it " + how_it_ended(result));
}

base::ChildOptions Watch::own_command(std::vector<std::string> words) const {
    base::ChildOptions child;
    child.command = {"/proc/self/exe"};
    child.command.insert(child.command.end(), words.begin(), words.end());
    child.command.insert(child.command.end(), {"--config", source_.file.string()});
    if (source_.data_dir) {
        child.command.insert(child.command.end(), {"--data-dir", source_.data_dir->string()});
    }
    if (source_.env_file) {
        child.command.insert(child.command.end(), {"--env-file", source_.env_file->string()});
    }
    child.environment = variable_lines(process_environment());
    child.output_bytes_max = said_bytes_max;
    return child;
}

}  // namespace hermes::host
