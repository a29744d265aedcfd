// How much of a bare Beast server's speed is left of our HTTP server, with all its limits, when the
// handler answers at once, and when another thread answers in batches as a group commit does.
//
//     server_bench [rounds [requests-a-round [connections [server-threads]]]]
#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bare_server.hpp"
#include "http/http_server.hpp"
#include "load_driver.hpp"

namespace {

using hermes::bench::BareServer;
using hermes::bench::drive;
using hermes::bench::LoadPlan;
using hermes::bench::LoadResult;
using hermes::http::HttpRequest;
using hermes::http::HttpResponse;
using hermes::http::HttpServer;
using hermes::http::HttpServerOptions;
using hermes::http::Responder;

struct Settings {
    std::size_t rounds = 7;
    std::size_t requests = 100'000;
    std::size_t connections = 64;
    std::size_t server_threads = 1;
};

HttpResponse success() {
    HttpResponse response;
    response.body = "success";
    return response;
}

// Answers what has been asked meanwhile, all at once, from its own thread.
class BatchingAnswerer {
public:
    BatchingAnswerer() : thread_([this] { run(); }) {}
    ~BatchingAnswerer() {
        {
            const std::lock_guard lock(mutex_);
            ended_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }

    void ask(Responder respond) {
        {
            const std::lock_guard lock(mutex_);
            asked_.push_back(std::move(respond));
        }
        changed_.notify_one();
    }

private:
    void run() {
        for (;;) {
            std::vector<Responder> batch;
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [this] { return ended_ || !asked_.empty(); });
                if (ended_) {
                    return;
                }
                batch.swap(asked_);
            }
            for (Responder& respond : batch) {
                respond(success());
            }
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Responder> asked_;
    bool ended_ = false;
    std::thread thread_;
};

// Distinct, and as long as a callback with a short text.
std::vector<std::string> make_requests(std::size_t count) {
    std::vector<std::string> requests;
    for (std::size_t i = 0; i < count; ++i) {
        std::string body = std::to_string(i) + std::string(600, 'x');
        requests.push_back("POST /wecom/callback?msg_signature=" + std::string(40, 'a') +
                           "&timestamp=1700000000&nonce=" + std::to_string(i) +
                           " HTTP/1.1\r\nHost: gateway.example.com\r\nUser-Agent: Mozilla/4.0\r\n"
                           "Accept: */*\r\nContent-Type: text/xml\r\nContent-Length: " +
                           std::to_string(body.size()) + "\r\n\r\n" + body);
    }
    return requests;
}

struct Candidate {
    const char* name;
    std::uint16_t port;
    std::vector<double> per_second{};
    std::vector<double> cpu_us{};
    LoadResult last{};
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void print(const Candidate& candidate, const Candidate& reference) {
    std::printf(
        "%-34s %9.0f requests/s  ratio %.2f   server %5.2f us cpu/request  ratio %.2f   "
        "p50 %u us  p99 %u us\n",
        candidate.name, median(candidate.per_second),
        median(candidate.per_second) / median(reference.per_second), median(candidate.cpu_us),
        median(reference.cpu_us) / median(candidate.cpu_us), candidate.last.latency_us(0.5),
        candidate.last.latency_us(0.99));
}

std::size_t argument(int argc, char** argv, int index, std::size_t otherwise) {
    return argc > index ? static_cast<std::size_t>(std::strtoul(argv[index], nullptr, 10))
                        : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
    Settings settings;
    settings.rounds = std::max<std::size_t>(argument(argc, argv, 1, settings.rounds), 1);
    settings.requests = argument(argc, argv, 2, settings.requests);
    settings.connections = argument(argc, argv, 3, settings.connections);
    settings.server_threads = argument(argc, argv, 4, settings.server_threads);

    HttpServerOptions options;
    options.threads = settings.server_threads;
    HttpServer immediate(options,
                         [](const HttpRequest&, Responder respond) { respond(success()); });
    BatchingAnswerer answerer;
    HttpServer batching(
        options, [&](const HttpRequest&, Responder respond) { answerer.ask(std::move(respond)); });
    immediate.start();
    batching.start();
    const BareServer bare(settings.server_threads);

    std::vector<Candidate> candidates{{"bare Beast server", bare.port()},
                                      {"HttpServer, answered at once", immediate.port()},
                                      {"HttpServer, answered by a thread", batching.port()}};
    const auto requests = make_requests(10'000);
    LoadPlan plan;
    plan.connections = settings.connections;
    plan.requests = settings.requests;
    plan.request = [&](std::size_t i) -> const std::string& {
        return requests[i % requests.size()];
    };

    std::printf(
        "%zu rounds of %zu requests over %zu connections, %zu server thread(s), one driver "
        "thread in the same process; the candidates take turns; medians\n",
        settings.rounds, settings.requests, settings.connections, settings.server_threads);
    for (std::size_t round = 0; round <= settings.rounds; ++round) {
        for (Candidate& candidate : candidates) {
            plan.port = candidate.port;
            candidate.last = drive(plan);
            if (candidate.last.answered != plan.requests) {
                std::fprintf(stderr, "%s: %zu answered, %zu refused, %zu lost\n", candidate.name,
                             candidate.last.answered, candidate.last.refused, candidate.last.lost);
                return 1;
            }
            if (round > 0) {  // the first one warms up
                candidate.per_second.push_back(candidate.last.per_second());
                candidate.cpu_us.push_back(candidate.last.server_cpu_us());
            }
        }
    }
    for (const Candidate& candidate : candidates) {
        print(candidate, candidates.front());
    }
    return 0;
}
