#include "chinese/rows.hpp"

namespace hermes::wecom::chinese {
namespace {

constexpr Translation command_sentences[] = {
    // apps and menus
    {"no app is named {} (there are: {})", "没有名为 {1} 的应用（有：{2}）"},
    {"there are several apps: say which ({})", "有多个应用：请指明（{1}）"},
    {"app {} has sent no message of the id {}: name the app that has, or look whether the id is "
     "right",
     "应用 {1} 没有发送过 ID 为 {2} 的消息：请指明发送它的应用，或检查 ID 是否正确"},
    {"{} of {} parts are taken back; {}", "{2} 部分中已撤回 {1} 部分；{3}"},
    {"the agent will be told of the key `{}` by its name: `menu` of app {} has no text for it",
     "智能体只会得到键名 `{1}`：应用 {2} 的 `menu` 中没有它的文字"},
    {"{} is no member: write corp_id:user_id", "{1} 不是成员：请写 corp_id:user_id"},
    {"the menu has more than 64 KiB", "菜单超过 64 KiB"},
    {"{} is nothing that a menu has", "{1} 不是菜单中的内容"},
    {"{} is nothing that such a button has", "{1} 不是这种按钮中的内容"},
    {"{} is too deep: a menu has two levels", "{1} 层次过深：菜单只有两级"},
    {"{} is `{}`: write one of {}", "{1} 是 `{2}`：请写 {3} 之一"},
    {"{} must begin with https:// or http://", "{1} 必须以 https:// 或 http:// 开头"},
    {"{} must be a list of 1 to {#} buttons", "{1} 必须是 1 到 {2} 个按钮的列表"},
    {"{} must be a button, as {}", "{1} 必须是按钮，例如 {2}"},
    {"{} must be a text", "{1} 必须是文字"},
    {"{} has {#} bytes, and WeCom takes {#} (a Chinese character has 3)",
     "{1} 有 {2} 字节，而企业微信最多 {3}（一个汉字占 3 字节）"},

    // where it listens, and how
    {"cannot listen on {}: {}", "无法监听 {1}：{2}"},
    {"address already in use (another gateway? change `port`)",
     "端口已被占用（是否有另一个网关在运行？否则请改 `port`）"},
    {"{} (ports below 1024 need privileges: change `port`)",
     "{1}（1024 以下的端口需要特权：请改 `port`）"},
    {"{} (this machine has no such address: change `host`)",
     "{1}（本机没有这个地址：请改 `host`）"},
    {"`host` is not an IP address (127.0.0.1, 0.0.0.0, :: or another)",
     "`host` 不是 IP 地址（127.0.0.1、0.0.0.0、:: 或其他）"},
    {"{} (a running gateway has to be stopped while you listen)",
     "{1}（监听时必须先停止正在运行的网关）"},
    {"cannot use `{}` {}: {}", "无法使用 `{1}` {2}：{3}"},
    {"it does not belong to the certificate {}", "它与证书 {1} 不匹配"},
    {"it holds no certificate in PEM form", "其中没有 PEM 格式的证书"},
    {"it holds no private key in PEM form, or one that needs a password",
     "其中没有 PEM 格式的私钥，或私钥需要密码"},
    {"the file is empty", "文件是空的"},
    {"`tls_certificate` and `tls_private_key` go together: set both or neither",
     "`tls_certificate` 和 `tls_private_key` 必须同时设置或都不设置"},
    {"unknown failure in the plugin", "插件中发生未知错误"},

    // on the way to WeCom
    {"the body can't be read: {}", "无法读取内容：{1}"},
    {"the body is not as long as it was said to be", "内容的长度与所声明的不符"},
    {"it closed the connection", "它关闭了连接"},
    {"it sent more than its answer to CONNECT", "它在 CONNECT 的应答之后多发了内容"},
    {"the HTTP server is running already", "HTTP 服务已在运行"},
};

}  // namespace

std::span<const Translation> command_rows() {
    return command_sentences;
}

}  // namespace hermes::wecom::chinese
