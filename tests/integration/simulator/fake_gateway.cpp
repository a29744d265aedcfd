#include "fake_gateway.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <boost/url.hpp>

#include "simulator/wecom/wecom_crypt.hpp"

namespace hermes::test {

namespace {

namespace json = boost::json;

std::string between(std::string_view text, std::string_view before, std::string_view after) {
    const auto start = text.find(before);
    if (start == std::string_view::npos) {
        return {};
    }
    const auto rest = text.substr(start + before.size());
    return std::string(rest.substr(0, rest.find(after)));
}

ReceivedCallback read_callback(const http::HttpRequest& request) {
    ReceivedCallback callback{.method = std::string(request.method()),
                              .target = std::string(request.target()),
                              .body = std::string(request.body()),
                              .plain = {}};
    const auto url = boost::urls::parse_origin_form(callback.target).value();
    const auto parameter = [&](std::string_view name) {
        const auto params = url.params();
        const auto found = params.find(name);
        return found == params.end() ? std::string() : std::string((*found).value);
    };
    const auto world = small_world(0);
    const auto* const app = world.find_app(std::string(url.path()).substr(1));
    if (app == nullptr) {
        return callback;
    }
    const auto encrypted = callback.method == "GET"
                               ? parameter("echostr")
                               : between(callback.body, "<Encrypt><![CDATA[", "]]></Encrypt>");
    callback.signature_is_right = parameter("msg_signature") ==
                                  sim::sign(app->callback_token.expose_secret(),
                                            parameter("timestamp"), parameter("nonce"), encrypted);
    const sim::Cipher cipher(app->encoding_aes_key.expose_secret(), app->corp_id);
    callback.plain = cipher.decrypt(encrypted).value_or("");
    return callback;
}

sim::App make_app(const std::string& name, const std::string& corp_id, std::int64_t agent_id,
                  std::uint16_t port) {
    const std::string key = name + std::string(sim::Cipher::key_characters - name.size(), 'k');
    return {.name = name,
            .corp_id = corp_id,
            .agent_id = agent_id,
            .corp_secret = base::Secret("secret-" + name),
            .callback_token = base::Secret("token" + name),
            .encoding_aes_key = base::Secret(key),
            .callback_url = "http://127.0.0.1:" + std::to_string(port) + "/" + name};
}

}  // namespace

sim::World small_world(std::uint16_t port) {
    return {.corps = {{"ww_a", "Red Lantern"}, {"ww_b", "青山科技"}},
            .apps = {make_app("hr", "ww_a", 1000002, port), make_app("it", "ww_a", 1000003, port),
                     make_app("sales", "ww_b", 1000002, port)},
            .members = {{"ww_a", "ZhangSan", "张三", {2}},
                        {"ww_a", "lisi", "Li Si", {}, {3}},
                        {"ww_b", "zhangsan", "张三丰"}}};
}

FakeGateway::FakeGateway(Answer answer)
    : answer_(std::move(answer)),
      server_({}, [this](const http::HttpRequest& request, http::Responder respond) {
          auto callback = read_callback(request);
          callbacks_.put(callback);
          answer_(callback, std::move(respond));
      }) {
    server_.start();
}

FakeGateway::FakeGateway()
    : FakeGateway([](const ReceivedCallback& callback, http::Responder respond) {
          http::HttpResponse response;
          response.body = callback.method == "GET" ? callback.plain : "success";
          respond(std::move(response));
      }) {}

std::int64_t ApiReply::errcode() const {
    boost::system::error_code malformed;
    const auto value = json::parse(body, malformed);
    const auto* const code =
        malformed || !value.is_object() ? nullptr : value.get_object().if_contains("errcode");
    return code == nullptr ? -99 : code->as_int64();
}

std::string ApiReply::member(std::string_view name) const {
    const auto value = json::parse(body);
    const auto* const found = value.get_object().if_contains(name);
    if (found == nullptr) {
        return {};
    }
    return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

ApiReply ApiCaller::fetch(http::HttpClientRequest request) {
    request.url = api_base_ + request.url;
    request.timeout = gives_up_after_;
    auto reply = client_.fetch(std::move(request));
    return {.outcome = reply.outcome,
            .status = reply.status,
            .body = std::move(reply.body),
            .problem = std::move(reply.problem)};
}

ApiReply ApiCaller::get(const std::string& path_and_query) {
    http::HttpClientRequest request;
    request.url = path_and_query;
    return fetch(std::move(request));
}

ApiReply ApiCaller::post(const std::string& path_and_query, std::string body,
                         std::string content_type) {
    http::HttpClientRequest request;
    request.method = "POST";
    request.url = path_and_query;
    request.headers.emplace_back("Content-Type", std::move(content_type));
    request.body = std::move(body);
    return fetch(std::move(request));
}

ApiReply ApiCaller::get_token(const std::string& corp_id, const std::string& corp_secret) {
    return get("/cgi-bin/gettoken?corpid=" + corp_id + "&corpsecret=" + corp_secret);
}

std::string ApiCaller::access_token(const sim::App& app) {
    const auto reply = get_token(app.corp_id, app.corp_secret.expose_secret());
    REQUIRE(reply.errcode() == 0);
    return reply.member("access_token");
}

ApiReply ApiCaller::send(const std::string& access_token, std::int64_t agent_id,
                         const std::string& to_user, const std::string& content,
                         const std::string& more_members) {
    json::object text;
    text["content"] = content;
    json::object body;
    body["touser"] = to_user;
    body["msgtype"] = "text";
    body["agentid"] = agent_id;
    body["text"] = text;
    auto serialized = json::serialize(body);
    if (!more_members.empty()) {
        serialized.insert(serialized.size() - 1, "," + more_members);
    }
    return post("/cgi-bin/message/send?access_token=" + access_token, serialized);
}

}  // namespace hermes::test
