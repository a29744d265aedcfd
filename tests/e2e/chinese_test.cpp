// What an operator with a Chinese locale reads.
#include <doctest/doctest.h>
#include <signal.h>

#include <fstream>

#include "e2e/gateway_rig.hpp"

namespace hermes::test {

namespace {

const Variables in_chinese{"LC_ALL=zh_CN.UTF-8"};

Finished run_chinese(const GatewayRig& rig, std::vector<std::string> words) {
    words.insert(words.end(), {"--config", rig.files.config().string()});
    return run_host(words, in_chinese);
}

}  // namespace

TEST_SUITE("e2e/chinese") {
    TEST_CASE("doctor, the check, the difference and the log are in Chinese") {
        GatewayRig rig({}, {}, in_chinese);
        const auto doctor = run_chinese(rig, {"doctor"});
        check_told(doctor.out,
                   "正常     wecom_callback，应用 hr：access_token: 企业微信接受 corp_id 和 "
                   "corp_secret\n");
        CHECK(doctor.out.find("FAILED") == std::string::npos);
        check_told(rig.files.log(), "[wecom_callback] 正在监听 127.0.0.1:");

        rig.files.write(rig.wecom.world(), "threads: 3\n");
        check_told(run_chinese(rig, {"config", "diff"}).out,
                   "platforms.wecom_callback.extra.threads: 2 -> 3（需要重启）\n");
        ::kill(rig.gateway->pid(), SIGHUP);
        CHECK(eventually(
            [&] { return rig.files.log().find("重新加载：新配置已生效") != std::string::npos; }));
        std::ofstream(rig.files.config(), std::ios::app) << "agnet: {}\n";
        check_told(run_chinese(rig, {"config", "check"}).err, "agnet：未知的键，是否想写 agent？");
    }

    TEST_CASE("what ends a command is in Chinese too, and --language counts from the start") {
        GatewayRig rig({}, {}, in_chinese);
        const auto config = rig.files.config().string();
        check_told(run_chinese(rig, {"gateway", "start"}).err,
                   "error: 平台 wecom_callback 未能启动：");
        check_told(
            run_host({"config", "check", "--config", "/nowhere/config.yaml"}, in_chinese).err,
            "error: /nowhere/config.yaml：无法读取：没有该文件或目录");
        check_told(run_host({"init", "--config", config}, in_chinese).err,
                   "已经存在：要重写请加 --force，或换一个 --config");
        std::ofstream(rig.files.config(), std::ios::app) << "data_dri: a\n";
        check_told(run_host({"doctor", "--language", "zh", "--config", config}).err,
                   "error: data_dri：未知的键，是否想写 data_dir？");
        check_told(run_host({"doctor", "--language", "en", "--config", config}, in_chinese).err,
                   "error: data_dri: unknown key, did you mean data_dir?");
        std::ofstream(rig.files.config(), std::ios::app) << "data_dri: b\n";
        check_told(run_chinese(rig, {"config", "check"}).err, "键 data_dri 出现了两次");
    }

    TEST_CASE("a program reads English, unless it asks for Chinese") {
        GatewayRig rig;
        check_told(run_chinese(rig, {"doctor", "--json"}).out, "app hr: access token");
        check_told(run_host({"doctor", "--json", "--language", "zh", "--config",
                             rig.files.config().string()})
                       .out,
                   "应用 hr：access_token");
        check_told(run_host({"doctor", "--config", rig.files.config().string()}).out,
                   "app hr: access token: WeCom accepts corp_id and corp_secret");
    }
}

}  // namespace hermes::test
