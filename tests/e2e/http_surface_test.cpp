#include <doctest/doctest.h>

#include "e2e/gateway_rig.hpp"

namespace hermes::test {

TEST_SUITE("e2e/http_surface") {
    TEST_CASE("each request gets the answer that the table promises") {
        GatewayRig rig("max_body_bytes: 4096\n");
        const auto base = "http://127.0.0.1:" + std::to_string(rig.files.port());
        const auto path = base + "/wecom/callback";

        CHECK(rig.wecom.verify_url("hr").verified);
        const auto introduction = fetch("GET", path);
        CHECK(introduction.status == 200);
        CHECK(introduction.body.find("这是企业微信应用的回调 URL") != std::string::npos);
        CHECK(introduction.header("Content-Type") == "text/plain; charset=utf-8");
        CHECK(fetch("GET", path + "?").status == 403);
        CHECK(fetch("GET", path + "?msg_signature=x&timestamp=1&nonce=1&echostr=eA==").status ==
              403);
        CHECK(fetch("POST", path, "x").status == 400);
        CHECK(fetch("POST", path + "?msg_signature=x&timestamp=1&nonce=1", "not xml").status ==
              400);
        CHECK(fetch("POST", path + "?msg_signature=x&timestamp=1&nonce=1",
                    "<xml><ToUserName>ww1</ToUserName></xml>")
                  .status == 400);
        CHECK(fetch("POST", path + "?msg_signature=x&timestamp=1&nonce=1",
                    "<xml><ToUserName>ww1</ToUserName><AgentID>1000002</AgentID>"
                    "<Encrypt>eA==</Encrypt></xml>")
                  .status == 403);
        CHECK(fetch("POST", path, std::string(5000, 'x')).status == 413);
        CHECK(fetch("POST", path + "?msg_signature=x&timestamp=1&nonce=1", "\xff\xfe\xff").status ==
              400);  // not UTF-8, and no crash

        const auto put = fetch("PUT", path, "x");
        CHECK(put.status == 405);
        CHECK(put.header("Allow") == "GET, POST");
        CHECK(fetch("GET", base + "/other").status == 404);

        const auto health = fetch("GET", base + "/health");
        CHECK(health.status == 200);
        CHECK(health.body == R"({"status": "ok"})");
        CHECK(fetch("POST", base + "/health", "x").status == 405);
        const auto metrics = fetch("GET", base + "/metrics");
        CHECK(metrics.status == 200);
        CHECK(metrics.body.find("wecom_callbacks_total{outcome=\"refused\"}") != std::string::npos);
    }

    TEST_CASE("metrics can be switched off, and sources restricted") {
        GatewayRig rig("metrics: false\nallowed_source_cidrs: [10.0.0.0/8]\n");
        const auto base = "http://127.0.0.1:" + std::to_string(rig.files.port());
        CHECK(fetch("GET", base + "/metrics").status == 404);
        CHECK_FALSE(rig.write("hr", "alice", "hello"));  // it comes from loopback
        CHECK(fetch("GET", base + "/health").status == 200);
    }
}

}  // namespace hermes::test
