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

    TEST_CASE("what is kept, what became of it, and what can be done about it are in Chinese") {
        GatewayRig rig({}, {}, in_chinese);
        rig.wecom.add_fault(host::simulator::api_error(host::simulator::Call::send_message, 60111));
        const auto run = [&](const std::vector<std::string>& words) {
            return run_chinese(rig, words).out;
        };
        CHECK(run({"state", "dead", "list"}) == "没有死信\n");
        CHECK(run({"state", "waiting"}) == "没有等待的消息\n");
        CHECK(rig.write("hr", "alice", "one"));
        CHECK(eventually([&] {
            return run({"state", "trace"}).find("搁置") != std::string::npos;
        }));
        const auto story = run({"state", "trace"});
        check_told(story, "事件 1，应用 hr，会话 ww1:alice\n");
        check_told(story, "已收到、保存并确认\n");
        check_told(story, "智能体第 1 次处理开始\n");
        check_told(story, "已回答，回复已保存\n");
        check_told(story, " s 后失败：60111：没有这个成员账号：请检查会话");
        check_told(story, "回复已搁置为 out-1，此前失败 1 次：");
        check_told(story, "没有这个成员账号：请检查会话");
        check_told(run({"state"}), "发件箱：待处理 0，处理中 0，重试中 0，死信 1");
        check_told(run({"state", "dead", "list"}), "尝试 1 次  ");
        check_told(run({"state", "dead", "show", "out-1"}), "编号：out-1\n所在：发件箱\n");
        rig.wecom.clear_faults();
        CHECK(run({"state", "dead", "retry", "--all"}) == "1 条死信将重新尝试\n");
        CHECK(rig.answer("hr", "alice") == "echo: one");
        // The member has it before the gateway has written that they do.
        CHECK(eventually([&] { return run({"state", "waiting"}) == "没有等待的消息\n"; }));
        check_told(run({"state", "backup", (rig.files.directory() / "copy.db").string()}),
                   " 的全部内容：收件箱等待 0，发件箱等待 0\n");
        const auto forgotten = run({"state", "forget", "ww1:alice"});
        check_told(forgotten, "ww1:alice：已删除 ");
        check_told(forgotten, " 项其他内容\n");
        check_told(run({"send", "--account", "hr", "--chat", "ww1:alice", "--text", "two"}),
                   "已送达，消息编号 ");
        CHECK(run({"config", "check"}).starts_with("配置正确\n"));
        const auto settings = run({"plugins", "list", "--settings"});
        check_told(settings, "  企业微信自建应用（接收消息的回调模式）  (libwecom_callback.so)\n");
        check_told(settings,
                   "    port: 整数, 0 到 65535, 默认 8645\n        监听的端口；0：任一空闲端口\n");
        check_told(run({"agent", "try", "three"}), "智能体得到的输入：\n");
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
