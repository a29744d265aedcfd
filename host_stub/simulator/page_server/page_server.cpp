#include "simulator/page_server/page_server.hpp"

#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <charconv>
#include <stdexcept>

#include "http/http_server.hpp"
#include "simulator/fault_diary.hpp"
#include "simulator/gateways/run_folder.hpp"
#include "simulator/page_server/change_feed.hpp"
#include "simulator/page_server/page_access.hpp"
#include "simulator/page_server/page_assets.hpp"
#include "simulator/page_server/page_commands.hpp"
#include "simulator/page_server/page_json.hpp"
#include "simulator/scenario/scenario_writer.hpp"
#include "simulator/simulation.hpp"
#include "simulator/wecom/api_call.hpp"
#include "simulator/wecom/api_reply.hpp"
#include "simulator/wecom/media_shelf.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;
using http::HttpRequest;
using http::HttpResponse;

constexpr std::chrono::seconds stop_wait{2};
constexpr std::string_view changes = "/changes?after=";

// No page but this one, no code but its own, no address but this one.
constexpr const char* content_policy =
    "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

http::HttpServerOptions server_options(std::uint16_t port) {
    http::HttpServerOptions options;
    options.port = port;
    options.body_bytes_max = media_bytes_max("file");  // the largest of all
    return options;
}

std::string_view content_type(std::string_view name) {
    static constexpr std::pair<std::string_view, std::string_view> types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
    };
    for (const auto& [ending, type] : types) {
        if (name.ends_with(ending)) {
            return type;
        }
    }
    return "application/octet-stream";
}

HttpResponse json_response(const json::value& value) {
    return {.body = json::serialize(value), .content_type = "application/json"};
}

HttpResponse refusal(unsigned status, std::string sentence) {
    return {.status = status, .body = std::move(sentence) + "\n"};
}

HttpResponse not_let_in() {
    return refusal(403, "Open the page at the address in the terminal: its key is missing here.");
}

std::uint64_t number_of(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string_view image_type(std::string_view bytes) {
    if (bytes.starts_with("\x89PNG\r\n")) {
        return "image/png";
    }
    return bytes.starts_with("\xff\xd8\xff") ? "image/jpeg" : "";
}

// Adds to every answer, given now or later, what none may lack.
class PageAnswer final : public http::Responder::Channel {
public:
    explicit PageAnswer(http::Responder respond) : respond_(std::move(respond)) {}

    void respond(HttpResponse response) noexcept override {
        response.headers.emplace_back("Content-Security-Policy", content_policy);
        response.headers.emplace_back("X-Content-Type-Options", "nosniff");
        response.headers.emplace_back("Referrer-Policy", "no-referrer");
        response.headers.emplace_back("Cache-Control", "no-store");
        respond_(std::move(response));
    }

private:
    http::Responder respond_;
};

}  // namespace

class PageServer::Impl {
public:
    Impl(Simulation& simulation, PageServerOptions options)
        : simulation_(simulation),
          port_(options.port),
          access_(std::move(options.key)),
          feed_([this] { return snapshot(); }),
          commands_(
              simulation,
              [this](const std::string& media_id) { return base() + "/media/" + media_id; },
              [this](json::object change, std::string_view type) {
                  tell(std::move(change), type);
              }),
          server_(server_options(options.port), [this](const HttpRequest& request,
                                                       http::Responder respond) {
              serve(request, http::Responder(std::make_shared<PageAnswer>(std::move(respond))));
          }) {
        simulation.observe([this] { tell_of_gateway(); });
        simulation.wecom().observe(
            {.on_step =
                 [this](const WireStep& step) {
                     tell({{"step", json_of(step)}}, "step");
                 },
             .on_entry =
                 [this](const ChatEntry& entry) {
                     tell({{"entry", json_of(entry)}}, "entry");
                 },
             .on_faults = [this] { tell_of_faults(); },
             .on_menus =
                 [this] {
                     tell({{"menus", json_of(simulation_.wecom().menus())}}, "menus");
                 }});
    }

    void start() {
        if (port_ != 0 && port_is_taken("127.0.0.1", port_)) {
            throw std::runtime_error("the chat page can't have port " + std::to_string(port_) +
                                     ": another simulator? --port chooses another, 0 any");
        }
        server_.start();
    }

    void stop() noexcept {
        feed_.stop();
        commands_.stop();
        server_.stop(std::chrono::steady_clock::now() + stop_wait);
    }

    std::string base() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
    std::string url() const { return base() + "/?key=" + access_.key(); }

private:
    // ---- HTTP

    void serve(const HttpRequest& request, http::Responder respond) {
        const auto target = request.target();
        if (request.method() == "GET" && target.starts_with(changes)) {
            follow(request, std::move(respond));
        } else if (request.method() == "POST" && target == "/commands" &&
                   access_.may_change(request)) {
            run_command(request.body(), std::move(respond));
        } else {
            respond(answer(request));
        }
    }

    void follow(const HttpRequest& request, http::Responder respond) {
        if (access_.may_follow(request)) {
            feed_.poll(number_of(request.target().substr(changes.size())), std::move(respond));
        } else {
            respond(not_let_in());
        }
    }

    void run_command(std::string_view command, http::Responder respond) {
        // Shared because a std::function must be copyable.
        const auto later = std::make_shared<http::Responder>(std::move(respond));
        commands_.run(command,
                      [later](const json::object& outcome) { (*later)(json_response(outcome)); });
    }

    HttpResponse answer(const HttpRequest& request) {
        const auto target = request.target();
        const auto path = target.substr(0, target.find('?'));
        if (request.method() == "GET" && path.starts_with("/media/")) {
            return get_media(path.substr(7));  // whoever knows the id: the gateway has no key
        }
        if (request.method() == "GET" && target.starts_with("/?key=")) {
            return let_in(request, target.substr(6));
        }
        if (!access_.may_look(request)) {
            return not_let_in();
        }
        if (request.method() == "POST") {
            if (!access_.may_change(request)) {
                return not_let_in();
            }
            return path == "/media" ? take_media(request) : refusal(404, "not found");
        }
        if (request.method() != "GET") {
            return refusal(405, "method not allowed");
        }
        if (path.starts_with("/steps")) {
            return get_steps(target);
        }
        if (path == "/scenario") {
            return get_scenario(target);
        }
        if (path == "/sentences") {
            return get_sentences();
        }
        const auto* const asset = find_page_asset(path == "/" ? "index.html" : path.substr(1));
        if (asset == nullptr) {
            return refusal(404, "not found");
        }
        return {.body = std::string(asset->bytes),
                .content_type = std::string(content_type(asset->name))};
    }

    HttpResponse let_in(const HttpRequest& request, std::string_view key) const {
        if (!access_.lets_in(request, key)) {
            return refusal(
                403, "The key is not that of this simulator: its terminal shows the address.");
        }
        auto response = refusal(303, "see /");
        // Behind the # it is for the page's script alone.
        response.headers.emplace_back("Location", "/#key=" + std::string(key));
        response.headers.emplace_back("Set-Cookie", access_.cookie(request));
        return response;
    }

    HttpResponse get_steps(std::string_view target) const {
        static constexpr std::string_view of_entry = "/steps?entry=";
        static constexpr std::string_view one = "/steps/";
        if (target.starts_with(of_entry)) {
            const auto entry = number_of(target.substr(of_entry.size()));
            return json_response(
                json::object{{"steps", json_of(simulation_.wecom().steps_of(entry))}});
        }
        const auto step = target.starts_with(one)
                              ? simulation_.wecom().step(number_of(target.substr(one.size())))
                              : std::nullopt;
        return step ? json_response(json_with_bytes(*step))
                    : refusal(404, "the step is not there any more");
    }

    HttpResponse get_scenario(std::string_view target) {
        const auto query = parse_api_call("GET", target);
        const std::string app(query.parameter("app"));
        const std::string user(query.parameter("user"));
        auto& wecom = simulation_.wecom();
        faults_.look(wecom.faults());  // nobody may have been told of the newest yet
        const Remembered remembered{wecom.entries(), wecom.steps(), faults_.changes(),
                                    [&](const std::string& id) { return wecom.media(id); }};
        if (!has_chat(remembered, app, user)) {
            return refusal(404, "nothing has been said in this chat");
        }
        auto file = download_of(save_scenario(remembered, app, user), base::system_clock()());
        HttpResponse response{.body = std::move(file.bytes),
                              .content_type = std::move(file.content_type)};
        response.headers.emplace_back(
            "Content-Disposition",
            "attachment; filename*=UTF-8''" +
                boost::urls::encode(file.file_name, boost::urls::unreserved_chars));
        return response;
    }

    HttpResponse get_sentences() const {
        json::array rows;
        for (const auto& [english, chinese] : simulation_.chinese()) {
            rows.push_back(json::array{english, chinese});
        }
        return json_response(rows);
    }

    HttpResponse take_media(const HttpRequest& request) const {
        const auto query = parse_api_call("POST", request.target());
        const auto type = query.parameter("type");
        // Of a format that WeCom would not take a phone makes one that it does.
        if (check_media_size(type, request.body().size()) != errcode::ok) {
            return refusal(413, "WeCom takes no file of that kind and size.");
        }
        const auto content_type =
            type == "image" ? image_type(request.body()) : request.header("Content-Type");
        if (content_type.empty()) {
            return refusal(415, "This is not an image that WeCom takes: PNG or JPEG.");
        }
        return json_response(json::object{
            {"media_id", simulation_.wecom().keep_media(
                             std::string(type), std::string(content_type),
                             std::string(request.body()), std::string(query.parameter("name")))}});
    }

    HttpResponse get_media(std::string_view media_id) const {
        auto media = simulation_.wecom().media(media_id);
        if (!media) {
            return refusal(404, "not found");
        }
        // Nothing that somebody has sent is a page, or code, of this address.
        const bool is_shown = media->content_type.starts_with("image/") ||
                              media->content_type.starts_with("audio/") ||
                              media->content_type.starts_with("video/");
        HttpResponse response{.body = std::move(media->bytes),
                              .content_type = is_shown && media->content_type != "image/svg+xml"
                                                  ? std::move(media->content_type)
                                                  : "application/octet-stream"};
        if (!is_shown) {
            response.headers.emplace_back("Content-Disposition", "attachment");
        }
        return response;
    }

    // ---- What changes

    json::object snapshot() const {
        auto object = json_of(simulation_.wecom().snapshot());
        object["type"] = "snapshot";
        object["gateway"] = gateway();
        object["agent"] = agent();
        return object;
    }

    // Of several: together, and each.
    json::object gateway() const {
        auto object = json_of(simulation_.gateway_state());
        json::array each;
        for (std::size_t number = 0; number < simulation_.gateways(); ++number) {
            each.push_back(json_of(simulation_.gateway_state(number)));
        }
        object["each"] = std::move(each);
        return object;
    }

    json::object agent() const {
        auto object = json_of(simulation_.agent());
        object["editable"] = simulation_.agent_can_change();
        object["config_file"] = simulation_.config_file().string();
        return object;
    }

    void tell_of_gateway() {
        tell(gateway(), "gateway");
        tell(agent(), "agent");
    }

    void tell_of_faults() {
        faults_.look(simulation_.wecom().faults());
        tell({{"active", json_of(simulation_.wecom().faults())}}, "faults");
        tell({{"is_up", simulation_.wecom().api_is_up()}}, "api");
    }

    void tell(json::object change, std::string_view type) {
        change["type"] = type;
        feed_.add(change);
    }

    Simulation& simulation_;
    const std::uint16_t port_;  // 0: any free one
    const PageAccess access_;
    FaultDiary faults_{base::system_clock()};  // the simulation's clock
    ChangeFeed feed_;
    PageCommands commands_;
    http::HttpServer server_;  // last: its threads use all of the above
};

PageServer::PageServer(Simulation& simulation, PageServerOptions options)
    : impl_(std::make_unique<Impl>(simulation, std::move(options))) {}

PageServer::~PageServer() {
    stop();
}

void PageServer::start() {
    impl_->start();
}

void PageServer::stop() noexcept {
    impl_->stop();
}

std::string PageServer::url() const {
    return impl_->url();
}

}  // namespace hermes::host::simulator
