#include "integration/durable/incoming_files_rig.hpp"

#include <algorithm>
#include <fstream>
#include <future>
#include <sstream>

namespace hermes::test {

using durable::Fetched;
using durable::Fetcher;

Fetcher::Next Asked::give(const std::string& piece) const {
    std::promise<Fetcher::Next> next;
    sink(piece, [&](Fetcher::Next said) { next.set_value(said); });
    return next.get_future().get();
}

void Asked::succeed(const std::string& bytes, Fetched fetched) {
    give(bytes);
    done(std::move(fetched));
}

void Asked::fail(boost::system::error_code error, std::string sentence) {
    done({.error = error, .sentence = std::move(sentence)});
}

IncomingFilesRig::IncomingFilesRig(Place& place, durable::IncomingFilesOptions options)
    : place_(place), options_(std::move(options)) {
    if (options_.folder.empty()) {
        options_.folder = place.data_directory() + "/media";
    }
    folder_ = options_.folder;
    options_.clock = place.clock.clock();
    start();
}

void IncomingFilesRig::start() {
    loop_ = std::make_unique<base::EventLoop>(place_.clock.steady_clock());
    store_ = std::make_unique<durable::Store>(place_.options(), *loop_);
    files_ = std::make_unique<durable::IncomingFiles>(*loop_, *store_, fetcher_, options_);
}

void IncomingFilesRig::stop() {
    if (files_) {
        loop_->post([this] { files_->give_up(); });
        run_out(*loop_);
        while (auto open = fetcher_.asked.take(std::chrono::milliseconds(0))) {
            open->fail(durable::FetchError::too_late);
        }
        run_out(*loop_);
        files_->stop();
        run_out(*loop_);
        store_->stop();
        loop_->stop();
    }
    files_.reset();
    store_.reset();
    loop_.reset();
}

void IncomingFilesRig::restart() {
    stop();
    start();
}

std::vector<std::string> IncomingFilesRig::names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool IncomingFilesRig::holds(std::size_t files) const {
    return eventually([&] { return names().size() == files; });
}

void IncomingFilesRig::gather(durable::StoredEvent event, std::vector<std::string> references) {
    loop_->post([this, event = std::move(event), references = std::move(references)]() mutable {
        files_->gather(std::move(event), std::move(references),
                       [this](durable::StoredEvent done) { ready_.put(std::move(done)); });
    });
}

// Whatever leads from one to the next goes over the loop, the disk and the store's reader: each has
// done what it was asked for when it has done what is asked now.
void IncomingFilesRig::settle_down() {
    for (int step = 0; step < 8; ++step) {
        std::promise<void> reached;
        loop_->post([&] {
            files_->disk().post([&] {
                store_->read([](durable::Database&) { return 0; },
                             [&](const base::Result<int>&) { reached.set_value(); });
            });
        });
        reached.get_future().wait();
    }
}

std::size_t IncomingFilesRig::ready_already() {
    settle_down();
    return ready_.size();
}

std::size_t IncomingFilesRig::asked_already() {
    settle_down();
    return fetcher_.asked.size();
}

durable::StoredEvent with_files(std::int64_t seq, const std::string& account) {
    durable::StoredEvent event;
    event.seq = seq;
    event.account = account;
    event.chat = chat_of(account, "zhangsan");
    event.has_files = true;
    return event;
}

std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace hermes::test
