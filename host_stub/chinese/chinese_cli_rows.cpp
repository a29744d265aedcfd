#include "chinese/chinese_rows.hpp"

namespace hermes::host {
namespace {

constexpr Translation cli_sentences[] = {
    // what CLI11 writes around them
    {"Usage", "用法"},
    {"OPTIONS", "选项"},
    {"Options", "选项"},
    {"SUBCOMMAND", "子命令"},
    {"SUBCOMMANDS", "子命令"},
    {"Subcommands", "子命令"},
    {"Positionals", "参数"},
    {"REQUIRED", "必需"},
    {"Needs", "需要"},
    {"Excludes", "不可同时用"},

    // of every command
    {"Print this help message and exit", "显示本帮助并退出"},
    {"Display program version information and exit", "显示版本并退出"},
    {"The configuration", "配置"},
    {"Variables; default: .env beside the configuration", "变量文件；默认是配置旁边的 .env"},
    {"Instead of the configuration's", "代替配置中的值"},
    {"The same", "同上"},
    {"Instead of the locale's", "代替系统区域设置的语言"},
    {"Default: by the program", "默认在本程序旁边"},
    {"Print JSON", "以 JSON 输出"},
    {"At most so many", "最多显示这么多条"},
    {"A small gateway between chat platforms and an AI agent",
     "聊天平台与 AI 智能体之间的小型网关"},
    {"Exit status: 0 done; 1 it failed while running, and may succeed another time; 2 wrong usage "
     "or "
     "configuration.",
     "退出码：0 完成；1 运行中失败，再试可能成功；2 用法或配置有误。"},

    // gateway, config
    {"The gateway itself", "网关本身"},
    {"Run in the foreground until SIGINT or SIGTERM; SIGHUP takes the configuration anew",
     "在前台运行，直到收到 SIGINT 或 SIGTERM；SIGHUP 重新读取配置"},
    {"At level debug, in JSON: what agents are given and say. It holds what members write",
     "在 debug 级别以 JSON 记录智能体收到和说出的内容。其中有成员所写的话"},
    {"Say everything that is wrong with it", "列出其中所有的错误"},
    {"Say what a reload of the gateway that runs would change: status 1 if anything",
     "说明让运行中的网关重新加载会改变什么：有改变时退出码为 1"},

    // doctor, init
    {"Look whether the whole set-up works", "检查整套设置是否可用"},
    {"The address that the platform calls, to be looked at from outside",
     "平台回调的地址，从外部检查它"},
    {"Instead of a gateway: say what arrives while the callback URL is saved, and what is wrong "
     "with it",
     "代替网关监听：在后台保存回调 URL 时，说明收到了什么、哪里不对"},
    {"A JSON object a finding", "每项结果一个 JSON 对象"},
    {"Ask what is needed, and write config.yaml and .env",
     "询问所需内容，写入 config.yaml 和 .env"},
    {"Where to; .env is written beside it", "写到哪里；.env 写在它旁边"},
    {"If several could be set up", "可设置的平台有多个时指定"},
    {"A setting that is not asked for; its variable does the same, and no list of processes shows "
     "that",
     "不再询问的设置；用它的环境变量也可以，而且不会出现在进程列表中"},
    {"Ask nothing: all is given", "不询问：全部已经给出"},
    {"Overwrite what is there", "覆盖已有的文件"},

    // agent, plugins
    {"Who answers", "由谁回答"},
    {"Ask the configured agent once, without a platform", "不经平台，向配置的智能体提问一次"},
    {"What to ask", "问什么"},
    {"As if it had been written to this one", "当作是发给这个账号的"},
    {"What the agent is given as it is, instead; - is stdin",
     "改为原样交给智能体的内容；- 为标准输入"},
    {"YAML with another `agent` section to try; - is stdin",
     "含另一个 `agent` 段的 YAML，用来试验；- 为标准输入"},
    {"Print all that passed as JSON", "以 JSON 输出全部经过"},
    {"Platform plugins", "平台插件"},
    {"Show what is in plugins_dir", "列出 plugins_dir 中的插件"},
    {"With every setting of each plugin", "连同每个插件的全部设置"},
    {"Test whether a plugin keeps its side of the contract", "检验插件是否遵守约定"},
    {"The library, a .so", "插件的 .so 文件"},
    {"YAML, as under `extra`", "YAML，与 `extra` 之下相同"},
    {"Take the settings from it", "从它读取设置"},

    // send
    {"Send one message, beside a running gateway or without", "发送一条消息，网关是否在运行都可以"},
    {"Whom to; its form is the platform's", "发给谁；格式由平台决定"},
    {"Through which account", "通过哪个账号"},
    {"If several are enabled, and the account does not say",
     "启用了多个平台，而账号不能说明是哪个时指定"},
    {"What to say; default: what is on stdin", "发什么；默认读取标准输入"},
    {"Seconds to wait for delivery; then it is left to the gateway",
     "等待送达的秒数；之后交给网关继续"},
    {"Instead of a message", "代替发消息"},
    {"Take back what was sent, by the message id that `send` printed",
     "按 `send` 显示的消息编号撤回已发送的消息"},
    {"Set the account's menu: JSON", "设置账号的菜单：JSON"},
    {"Print the account's menu", "显示账号的菜单"},
    {"Remove the account's menu", "删除账号的菜单"},

    // state
    {"What is stored: waiting, under way, set aside", "已存储的内容：等待中、进行中、已搁置"},
    {"Default: all", "默认全部"},
    {"Messages set aside after the last attempt", "最后一次尝试后被搁置的消息"},
    {"Oldest first", "从最早的开始"},
    {"All of one", "其中一条的全部内容"},
    {"As `state dead list` shows it", "`state dead list` 显示的编号"},
    {"Put one back, or all", "放回一条，或全部"},
    {"All that fit what follows", "符合以下条件的全部"},
    {"With WeCom's error code", "企业微信错误码为此值的"},
    {"Of this app", "属于这个应用的"},
    {"Set aside then or later: 30m, 24h, 7d ago, or a time in UTC",
     "在此时或之后被搁置的：30m、24h、7d 之前，或 UTC 时间"},
    {"Remove it for good", "永久删除"},
    {"What became of a message; the last one if not said", "一条消息的经过；不指定时为最近一条"},
    {"Of the event, of a dead letter, or WeCom's MsgId",
     "事件或被搁置消息的编号，或企业微信的 MsgId"},
    {"Of this chat", "属于这个会话的"},
    {"So many, the newest", "最新的这么多条"},
    {"What waits, message by message, and why", "逐条列出在等待的消息和原因"},
    {"At most so many of each side", "收、发两边各最多这么多条"},
    {"Copy all of it while the gateway runs", "在网关运行时完整备份"},
    {"That is not there yet", "尚不存在的文件"},
    {"Remove what a person wrote and was written", "删除某人所写和收到的内容"},
    {"The person's, as corp_id:user_id", "此人的会话，写成 corp_id:user_id"},
    {"Those that share it, and what waits at each", "共用同一存储的网关，以及各自等待的内容"},
    {"Let the others have a gateway's chats", "把一个网关的会话交给其他网关"},
    {"As `state gateways` shows it", "`state gateways` 显示的编号"},
    {"Let it have its share again", "让它重新分担"},

    // simulate, completion
    {"Play WeCom on loopback, with a real gateway beside it",
     "在本机模拟企业微信，并运行真正的网关"},
    {"Of the chat page; 0: any free one", "聊天页面的端口；0 为任意空闲端口"},
    {"Of WeCom's API; 0: any free one", "企业微信 API 的端口；0 为任意空闲端口"},
    {"The gateway's configuration; default: one made in the run folder",
     "网关的配置；默认在运行目录中生成"},
    {"For configuration, state, log", "存放配置、状态和日志"},
    {"So many on one database, a PostgreSQL of the simulation's own",
     "共用一个数据库的网关数，数据库为模拟器自己的 PostgreSQL"},
    {"A scenario to play without the page; the exit status says whether it passed",
     "不用页面而直接播放的剧本；退出码表示是否通过"},
    {"Print a script that completes commands", "输出命令补全脚本"},
    {"For bash: source <(hermes-host-stub completion bash)",
     "用于 bash：`source <(hermes-host-stub completion bash)`"},
    {"For zsh: as _hermes-host-stub in a folder of $fpath",
     "用于 zsh：存为 $fpath 某个目录中的 _hermes-host-stub"},

    // what is wrong with the words
    {"`{}` is no command", "没有命令 `{1}`"},
    {"`{}` is no command, did you mean {}?", "没有命令 `{1}`，是否要用 {2}？"},
    {"`{}` is no command of {}", "{2} 没有命令 `{1}`"},
    {"`{}` is no command of {}, did you mean {}?", "{2} 没有命令 `{1}`，是否要用 {3}？"},
    {"`{}` is no option", "没有选项 `{1}`"},
    {"`{}` is no option, did you mean {}?", "没有选项 `{1}`，是否要用 {2}？"},
    {"`{}` is no option of {}", "{2} 没有选项 `{1}`"},
    {"`{}` is no option of {}, did you mean {}?", "{2} 没有选项 `{1}`，是否要用 {3}？"},
    {"A subcommand is required", "需要写出子命令"},
    {"text, or --input is required", "需要 text 或 --input"},
    {"id, or --all is required", "需要 id 或 --all"},
    {"{} is required", "需要 {1}"},
    {"{} requires {}", "{1} 需要同时给出 {2}"},
    {"{} excludes {}", "{1} 不能与 {2} 同时使用"},
    {"{}: 1 required {} missing", "{1} 后面缺少值"},
    {"Could not convert: {} = {}", "{1} 的值无效：{2}"},
    {"{}: {} not in {}", "{1}：{2} 不在 {3} 之中"},
    {"{}: Value {} not in range {#} to {#}", "{1}：{2} 不在 {3} 至 {4} 之间"},
    {"The following argument was not expected: {}", "多余的参数：{1}"},
    {"The following arguments were not expected: {}", "多余的参数：{1}"},
    {"{}: 0 is no code: leave it out for all of them", "{1}：0 不是错误码：要全部的就不写它"},
    {"--since: write 30m, 24h, 7d, 2026-11-26 or 2026-11-26T08:00 (UTC)",
     "--since：请写成 30m、24h、7d、2026-11-26 或 2026-11-26T08:00（UTC）"},
    {"Run with --help for more.", "用 --help 查看说明。"},
};

}  // namespace

std::span<const Translation> chinese_cli_rows() {
    return cli_sentences;
}

}  // namespace hermes::host
