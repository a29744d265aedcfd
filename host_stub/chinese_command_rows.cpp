#include "chinese_rows.hpp"

namespace hermes::host {
namespace {

constexpr Translation command_sentences[] = {
    // plugins
    {"{} cannot be loaded: {}", "{1} 无法加载：{2}"},
    {"{} is cut short: copy it again", "{1} 不完整：请重新复制"},
    {"{} is made for plugin API {#}, this host has {#}: rebuild the plugin with this host's "
     "headers",
     "{1} 是为插件 API {2} 编译的，而本程序的是 {3}：请用本程序的头文件重新编译插件"},
    {"{} has a descriptor of {#} bytes, this host's has {#}: rebuild the plugin with this host's "
     "headers",
     "{1} 的描述符为 {2} 字节，而本程序的为 {3} 字节：请用本程序的头文件重新编译插件"},
    {"{} is built for \"{}\", this host for \"{}\": rebuild the plugin with the host's compiler",
     "{1} 是为“{2}”编译的，而本程序是为“{3}”：请用本程序的编译器重新编译插件"},
    {"{} names its platform \"{}\": a name is a-z, 0-9 and _",
     "{1} 的平台名称是“{2}”：名称只能用 a-z、0-9 和 _"},
    {"{} has an incomplete descriptor: only settings, entry_list and extension may be null",
     "{1} 的描述符不完整：只有 settings、entry_list 和 extension 可以为空"},
    {"{} exports no {}: it is not a platform plugin", "{1} 没有导出 {2}：它不是平台插件"},
    {"{} is the platform {}, as {} is already: remove one of them",
     "{1} 与 {3} 都是平台 {2}：请移走其中一个"},
    {"plugins_dir: {} cannot be read: {}", "plugins_dir：{1} 无法读取：{2}"},
    {"no plugins folder beside {}: give --plugins-dir",
     "{1} 旁边没有插件目录：请用 --plugins-dir 指定"},
    {"platforms.{}: no plugin of that name in {} (found: none)",
     "platforms.{1}：{2} 中没有这个名称的插件（那里没有任何插件）"},
    {"invalid ELF header", "不是共享库"},
    {"undefined symbol: {}", "缺少符号 {1}"},
    {"{}: cannot open shared object file: No such file or directory", "找不到共享库 {1}"},

    // commands
    {"data_dir: {} cannot be made: {}", "data_dir：无法创建 {1}：{2}"},
    {"--platform {} is not enabled (enabled: {})", "--platform {1} 没有启用（已启用：{2}）"},
    {"--platform {} is not enabled (enabled: none)", "--platform {1} 没有启用（没有启用任何平台）"},
    {"several platforms are enabled ({}): choose with --platform",
     "启用了多个平台（{1}）：请用 --platform 选择"},
    {"--account {} is in no platform that is enabled", "启用的平台中没有 --account {1}"},
    {"no enabled platform {}", "启用的平台中{1}"},
    {"keeps state", "没有保存消息库的"},
    {"keeps state that could be looked after", "没有可维护的消息库"},
    {"keeps state that several gateways could share", "没有可供多个网关共用的消息库"},
    {"is called by its servers", "没有接收服务器回调的"},
    {"{} has no menus", "{1} 没有菜单"},
    {"{} has no way to take messages back", "{1} 不能撤回消息"},
    {"{} is no file", "{1} 不是文件"},
    {"there is nothing to send: give --text, or the text on stdin",
     "没有要发送的内容：请用 --text 给出，或从标准输入给出"},
    {"deferred: {}", "尚未送达：{1}"},
    {"failed: {}", "失败：{1}"},
    {"stored, not delivered yet", "已保存，尚未送达"},
    {"the platform never told what became of the message", "平台没有告知消息的结果"},
    {"there is no gateway {#}: see `state gateways`", "没有网关 {1}：请看 `state gateways`"},
    {"a scenario is played with one gateway: --play goes without --gateways",
     "场景只用一个网关来播放：--play 不能与 --gateways 同用"},
    {"there is no dead letter {} (state dead list shows all)",
     "没有被搁置的消息 {1}（`state dead list` 可列出全部）"},
    {"no such message is known: what was settled is forgotten after a day or so",
     "没有这条消息的记录：处理完的消息约一天后就不再保留"},
    {"{} cannot be understood: a restart of the gateway writes it anew",
     "{1} 无法理解：重启网关会重新写它"},

    // config check, config diff
    {"no platform is enabled", "没有启用任何平台"},
    {"no gateway runs with the data in {}: its next start takes this configuration",
     "没有网关在使用 {1} 中的数据：下次启动将采用此配置"},
    {"the gateway runs with this configuration", "网关正在使用此配置"},
    {"to put it in force: systemctl reload hermes-gateway, or kill -HUP {#}",
     "要使其生效：`systemctl reload hermes-gateway`，或 `kill -HUP {1}`"},
    {"to put it in force: systemctl restart hermes-gateway, since part of it needs a restart",
     "要使其生效：`systemctl restart hermes-gateway`，因为其中有需要重启的修改"},
    {"{}: not set -> {}", "{1}：未设置 -> {2}"},
    {"{}: {} -> not set", "{1}：{2} -> 未设置"},

    // init
    {"{} is there already: give --force to write it anew, or another --config",
     "{1} 已经存在：要重写请加 --force，或换一个 --config"},
    {"{} is not given: answer, or give --set {}, or the variable {}",
     "没有给出 {1}：请回答，或使用 --set {2}，或设置变量 {3}"},
    {"--set {}: write KEY=VALUE", "--set {1}：请写成 KEY=VALUE"},
    {"--set {}: no such setting", "--set {1}：没有这个设置"},
    {"--set {}: no such setting, did you mean {}?", "--set {1}：没有这个设置，是否想写 {2}？"},
    {"no plugin there has a guide", "那里没有带安装向导的插件"},
    {"no plugin there is {} and has a guide", "那里没有带安装向导的插件 {1}"},
    {"several platforms could be set up ({}): choose with --platform",
     "可以设置的平台有多个（{1}）：请用 --platform 选择"},
};

}  // namespace

std::span<const Translation> chinese_command_rows() {
    return command_sentences;
}

}  // namespace hermes::host
