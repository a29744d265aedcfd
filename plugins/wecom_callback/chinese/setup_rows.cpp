#include "chinese/rows.hpp"

namespace hermes::wecom::chinese {
namespace {

constexpr Translation setup_sentences[] = {
    // settings
    {"{} is missing", "{1} 未填写"},
    {"app {} admits nobody: set allowed_users, or allow_all_users",
     "应用 {1} 不允许任何人使用：请设置 allowed_users 或 allow_all_users"},
    {"{} must be a URL such as https://qyapi.weixin.qq.com",
     "{1} 必须是网址，例如 https://qyapi.weixin.qq.com"},
    {"{} is http: secrets and messages travel unencrypted; use https",
     "{1} 使用 http：Secret 和消息以明文传输，请改用 https"},
    {"{} must be a URL such as http://user:password@host:3128",
     "{1} 必须是网址，例如 http://user:password@host:3128"},
    {"{} is not a corp id: it looks like ww0123456789abcdef",
     "{1} 不是企业 ID：它形如 ww0123456789abcdef"},
    {"{} must be a number such as 1000002", "{1} 必须是数字，例如 1000002"},
    {"{} has {} characters; WeCom's have 43 letters and digits: copy it again from Receive "
     "Messages on the app's page",
     "{1} 有 {2} 个字符，企业微信的 EncodingAESKey 是 43 "
     "个字母和数字：请在应用页面的“接收消息”中重新复制"},
    {"{} holds a character that is none of A-Z a-z 0-9; WeCom's have 43 letters and digits: copy "
     "it "
     "again from Receive Messages on the app's page",
     "{1} 含有 A-Z a-z 0-9 以外的字符，企业微信的 EncodingAESKey 是 43 "
     "个字母和数字：请在应用页面的“接收消息”中重新复制"},
    {"{} has up to 32 letters and digits, and this one has something else in it (a blank or a "
     "quotation mark?): copy it again from Receive Messages on the app's page",
     "{1} 最多 32 位字母和数字，现在的值含有别的字符（空格或引号？）："
     "请在应用页面的“接收消息”中重新复制"},
    {"{} has {#} characters, and a Token at most {#}: is this the Secret or the EncodingAESKey?",
     "{1} 有 {2} 个字符，而 Token 最多 {3} 个：这是 Secret 还是 EncodingAESKey？"},
    {"{} has a blank, a quotation mark or another character in it that no Secret has: copy it "
     "again from the app's page",
     "{1} 中有空格、引号或 Secret 不会有的字符：请在应用页面重新复制"},
    {"{} holds `{}`: to admit everybody write allow_all_users: true",
     "{1} 中有 `{2}`：要允许所有人，请写 allow_all_users: true"},
    {"{} holds `{}`, which are several: write each as an item of its own, as [zhangsan, lisi]",
     "{1} 中的 `{2}` 是多个账号：请每个账号单独写一项，例如 [zhangsan, lisi]"},
    {"{} still has an example's value: copy your own from the admin console",
     "{1} 还是示例中的值：请从管理后台复制您自己的"},
    {"{}apps[{#}] and apps[{#}] are both named `{}`: names must differ",
     "{1}apps[{2}] 和 apps[{3}] 的名称都是 `{4}`：名称不能相同"},
    {"{}apps[{#}] and apps[{#}] are the same app: corp_id and agent_id are equal",
     "{1}apps[{2}] 和 apps[{3}] 是同一个应用：corp_id 和 agent_id 都相同"},
    {"{} holds `{}`, which is no address or network such as 10.0.0.0/8",
     "{1} 中的 `{2}` 不是 IP 地址或网段（例如 10.0.0.0/8）"},
    {"{} must be a path such as /wecom/callback, in ASCII and without %, not /health or /metrics",
     "{1} 必须是路径，例如 /wecom/callback，只用 ASCII 字符且不含 %，也不能是 /health 或 /metrics"},
    {"{} is missing: tls_certificate and tls_private_key go together",
     "{1} 未填写：tls_certificate 和 tls_private_key 必须同时设置"},
    {"{} holds `{}`, which is no key with a text, or has a key for the second time: write `leave: "
     "I "
     "want to take leave`",
     "{1} 中的 `{2}` 不是“键: 文字”，或者键重复：请写成 `leave: I want to take leave`"},
    {"{} holds `{}`, but no app is of that corp", "{1} 中有 `{2}`，但没有应用属于该企业"},
    {"{} holds `{}`, which is neither user, corp:user nor corp:*",
     "{1} 中的 `{2}` 既不是成员账号，也不是 corp:user 或 corp:*"},
    {"{} holds `{}`, but there are several corps: write `{}`",
     "{1} 中有 `{2}`，但配置了多个企业：请写成 `{3}`"},
    {"state is no valid database address: write postgresql://user:password@host/database, with "
     "@ : / ? # % in the password percent-encoded (@ as %40)",
     "state 不是有效的数据库地址：请写成 postgresql://user:password@host/database，密码中的 "
     "@ : / ? # % 要用百分号编码（@ 写成 %40）"},
    {"{}.state is no valid database address: write postgresql://user:password@host/database, with "
     "@ : / ? # % in the password percent-encoded (@ as %40)",
     "{1}.state 不是有效的数据库地址：请写成 postgresql://user:password@host/database，密码中的 "
     "@ : / ? # % 要用百分号编码（@ 写成 %40）"},
    {"`state` begins with `{}://`, which is not known here: write the path of a file, "
     "`sqlite3://path`, or `postgresql://user:password@host/database`",
     "`state` 以 `{1}://` 开头，这里不支持：请写文件路径、`sqlite3://path` 或 "
     "`postgresql://user:password@host/database`"},
    {"{} must be an IP address of this machine, or 0.0.0.0 or :: for all",
     "{1} 必须是本机的 IP 地址，或用 0.0.0.0 或 :: 表示全部"},
    {"`state` names a file with a quotation mark in its path, which is not possible: rename {}",
     "`state` 的文件路径中有引号，无法使用：请给 {1} 改名"},

    // doctor
    {"settings", "设置"},
    {"state", "消息库"},
    {"clock", "时钟"},
    {"media_dir", "media_dir"},
    {"app {}: access token", "应用 {1}：access_token"},
    {"app {}: permission to send", "应用 {1}：发送权限"},
    {"app {}: allowed_users", "应用 {1}：allowed_users"},
    {"app {}: welcome", "应用 {1}：欢迎语"},
    {"app {}: callback URL", "应用 {1}：回调 URL"},
    {"{} message(s) set aside in {}: see `state dead list`",
     "{2} 中有 {1} 条消息被搁置：请看 `state dead list`"},
    {"WeCom accepts corp_id and corp_secret", "企业微信接受 corp_id 和 corp_secret"},
    {"WeCom knows the app as \"{}\" and trusts this address",
     "企业微信认得这个应用（“{1}”），并信任本机的地址"},
    {"the app is disabled: enable it in the admin console under App Management",
     "应用已停用：请在管理后台的“应用管理”中启用"},
    {"WeCom reports who opens the app", "企业微信会上报进入应用事件"},
    {"nobody is welcomed, since WeCom does not report who opens the app: in the admin console, on "
     "the app's page under Receive Messages (接收消息), tick 上报进入应用事件",
     "欢迎语不会发送，因为企业微信没有上报谁进入了应用：请在管理后台的应用页面 > "
     "接收消息中勾选“上报进入应用事件”"},
    {"WeCom knows every member there", "其中的成员企业微信都认得"},
    {"WeCom knows no member {} whom this app could see: correct the user id (账号), remove who has "
     "left, or add the member to the app's Allowed users (可见范围)",
     "企业微信没有这个应用可见的成员 "
     "{1}：请改正账号，删去已离职的人，或把该成员加入应用的“可见范围”"},
    {"WeCom does not show this app {}, so whether they exist is not known: who shall write to the "
     "app must be among its Allowed users (可见范围)",
     "企业微信不让这个应用查看 "
     "{1}，无法得知是否存在：要给应用发消息的人必须在它的“可见范围”之内"},
    {"{} (looked up: the first {} of {})", "{1}（共 {3} 人，查了前 {2} 人）"},
    {"WeCom's answer names no time to compare with", "企业微信的应答里没有可供比较的时间"},
    {"agrees with WeCom's", "与企业微信一致"},
    {"this machine's clock is {} s ahead of WeCom's: set it right (timedatectl set-ntp true); with "
     "an hour or more messages are refused",
     "本机时钟比企业微信快 {1} 秒：请校准（timedatectl set-ntp true）；相差一小时以上消息会被拒绝"},
    {"this machine's clock is {} s behind WeCom's: set it right (timedatectl set-ntp true); with "
     "an "
     "hour or more messages are refused",
     "本机时钟比企业微信慢 {1} 秒：请校准（timedatectl set-ntp true）；相差一小时以上消息会被拒绝"},
    {"served over TLS under a name that only you know: give --public-url",
     "通过 TLS 提供服务，域名只有您知道：请用 --public-url 给出"},
    {"{} proves to know the app's token and key", "{1} 证明它持有该应用的 Token 和 EncodingAESKey"},
    {"no gateway answers at {} ({}): start it and look again, with --public-url for the way in "
     "from "
     "outside",
     "{1} 没有网关应答（{2}）：请启动网关后再检查；要检查外网入口请加 --public-url"},
    {"{} does not answer ({}): start the gateway, and let WeCom's requests through to port {}",
     "{1} 没有应答（{2}）：请启动网关，并放行企业微信到端口 {3} 的请求"},
    {"{} does not answer ({}): start the gateway, and let WeCom's requests through to port {}, and "
     "have what listens there pass them on to port {}",
     "{1} 没有应答（{2}）：请启动网关，放行企业微信到端口 {3} 的请求，"
     "并让监听该端口的程序转发到端口 {4}"},
    {"{} answers with another text: something else listens there, or changes the answer on its way",
     "{1} 返回了别的内容：那里监听的是别的程序，或者应答在途中被改动"},
    {"only who is in `allowed_source_cidrs` may ask, and {} is not: add it there to have this "
     "checked, or have WeCom ask (doctor --listen)",
     "只有 `allowed_source_cidrs` 中的地址可以访问，而 {1} 不在其中：要检查请把它加入，"
     "或者让企业微信来访问（doctor --listen）"},
    {"{} answers 403, to this machine as to all outside of `allowed_source_cidrs`: add the address "
     "it is seen with there to have this checked, or have WeCom ask (doctor --listen)",
     "{1} 返回 403，`allowed_source_cidrs` 之外的地址都是如此：要检查请把本机的出口地址加入，"
     "或者让企业微信来访问（doctor --listen）"},
    {"{} answers 403: the gateway there runs with another token or key for this app: restart it",
     "{1} 返回 403：那里的网关为这个应用用的是别的 Token 或 EncodingAESKey：请重启它"},
    {"{} answers 404: another program, or a gateway with another `path`, listens on port {}: end "
     "it, or change `port`",
     "{1} 返回 404：端口 {2} 上是别的程序，或 `path` 不同的网关：请结束它，或修改 `port`"},
    {"{} answers 404: the path must be {}, as in `path`",
     "{1} 返回 404：路径必须是 {2}，与 `path` 一致"},
    {"{} answers {}: look at what stands between it and the gateway",
     "{1} 返回 {2}：请检查它与网关之间的设备或反向代理"},

    // init
    {"not tested: {}", "未能测试：{1}"},
    {"WeCom refuses it: it is of another app or corp, or was reset: {}",
     "企业微信拒绝了它：不是这个应用或企业的 Secret，或已被重置：{1}"},
    {"WeCom accepts it, but not for this AgentId: {}", "企业微信接受，但与这个 AgentId 不符：{1}"},
    {"WeCom accepts it; the AgentId was not tested: {}", "企业微信接受；AgentId 未能测试：{1}"},

    // what is watched, with its platform and without
    {"wecom_callback, {}", "wecom_callback，{1}"},
    {"app {}: access token: {}", "应用 {1}：access_token：{2}"},
    {"app {}: permission to send: {}", "应用 {1}：发送权限：{2}"},
    {"app {}: callback URL: {}", "应用 {1}：回调 URL：{2}"},
    {"state: {}", "消息库：{1}"},
    {"clock: {}", "时钟：{1}"},
    {"media_dir: {}", "media_dir：{1}"},

    // doctor --listen
    {"listening", "正在监听"},
    {"nothing arrives", "没有收到请求"},
    {"callback URL", "回调 URL"},
    {"GET from {}", "来自 {1} 的 GET"},
    {"POST from {}", "来自 {1} 的 POST"},
    {"on port {}, path {}: press Save (保存) in the admin console for the URL of app {} (the "
     "app's page > "
     "接收消息 > 设置API接收)",
     "端口 {1}，路径 {2}：请在管理后台（应用页面 > 接收消息 > 设置API接收）对应用 {3} 的 URL "
     "点“保存”"},
    {"on port {}, path {}, with TLS: press Save (保存) in the admin console for the URL of app {} "
     "(the "
     "app's page > 接收消息 > 设置API接收)",
     "端口 {1}，路径 {2}，TLS：请在管理后台（应用页面 > 接收消息 > 设置API接收）对应用 {3} 的 URL "
     "点“保存”"},
    {"no request has reached port {} for {} s. If you have pressed Save, WeCom's did not get here. "
     "First open the URL in a browser outside of your network, with a phone for one: it must show "
     "up here. If it does not, the host name leads to another machine, a firewall or security "
     "group "
     "keeps the port shut, or a reverse proxy does not pass it on; an https:// URL needs one, or "
     "`tls_certificate`. If it does, WeCom refused the URL before it called: read what the console "
     "says of the domain, which must be your company's own (域名主体)",
     "端口 {1} 已有 {2} "
     "秒没有收到请求。如果您点了“保存”，企业微信的请求没有到达这里。请先在外网（例如用手机流量）用"
     "浏览器打开该 "
     "URL：它应该出现在这里。如果没有，说明域名指向了别的机器，防火墙或安全组没有放行该端口，或者反"
     "向代理没有转发；https:// 的 URL "
     "需要反向代理或 `tls_certificate`。如果出现了，说明企业微信在请求之前就拒绝了这个 "
     "URL：请看后台对域名的提示，域名必须属于贵公司（域名主体）"},
    {"no request has reached port {} for {} s. If you have pressed Save, WeCom's did not get here. "
     "First open the URL in a browser outside of your network, with a phone for one: it must show "
     "up here. If it does not, the host name leads to another machine, a firewall or security "
     "group "
     "keeps the port shut, or a reverse proxy does not pass it on; an http:// URL does not reach a "
     "port with TLS. If it does, WeCom refused the URL before it called: read what the console "
     "says "
     "of the domain, which must be your company's own (域名主体)",
     "端口 {1} 已有 {2} "
     "秒没有收到请求。如果您点了“保存”，企业微信的请求没有到达这里。请先在外网（例如用手机流量）用"
     "浏览器打开该 "
     "URL：它应该出现在这里。如果没有，说明域名指向了别的机器，防火墙或安全组没有放行该端口，或者反"
     "向代理没有转发；http:// 的 URL "
     "到不了启用 TLS 的端口。如果出现了，说明企业微信在请求之前就拒绝了这个 "
     "URL：请看后台对域名的提示，域名必须属于贵公司（域名主体）"},
    {"WeCom has had the right answer for every app: start the gateway now",
     "每个应用都已正确应答企业微信：现在可以启动网关"},
    {"it has no query: if that was your browser, the URL leads here, and you can press Save "
     "(保存). If "
     "you have pressed it, a reverse proxy on the way drops the query",
     "没有查询参数：如果这是您的浏览器，说明 URL "
     "通到这里，可以点“保存”。如果您已经点了保存，说明途中的反向代理丢掉了查询参数"},
    {"app {}: right", "应用 {1}：正确"},
    {"{}, answered in {}", "{1}，{2} 内应答"},
    {"{}, but answered in {}, and WeCom waits {} ms: look for what is slow between it and here (a "
     "proxy, a tunnel, TLS), or for what this machine is busy with, and press Save again",
     "{1}，但 {2} 后才应答，而企业微信只等 {3} "
     "毫秒：请找出途中慢的环节（代理、隧道、TLS）或本机在忙什么，然后再点“保存”"},
    {"app {}: a callback as it should be, not taken, so that WeCom sends it again: start the "
     "gateway "
     "soon",
     "应用 {1}：回调正确，但没有接收，企业微信会重发：请尽快启动网关"},
    {"WeCom sends GET and POST only", "企业微信只发送 GET 和 POST"},
    {"it asks for {}: a browser or a scanner, not WeCom",
     "请求的是 {1}：这是浏览器或扫描程序，不是企业微信"},
    {"it asks for {}, and the callback URL's path is {}: correct the URL in the admin console, or "
     "what a reverse proxy on the way makes of it, or set `path`",
     "请求的是 {1}，而回调 URL 的路径是 {2}：请改正管理后台里的 URL，或途中反向代理的改写，或设置 "
     "`path`"},
    {"it is not signed with the Token of app {}: copy the Token from the page that is being saved "
     "to "
     "`token`, or the other way round",
     "签名所用的不是应用 {1} 的 Token：请把正在保存的页面上的 Token 复制到 `token`，或者反过来"},
    {"it is not signed with the Token of any app ({}): copy the Token from the page that is being "
     "saved to `token`, or the other way round",
     "签名所用的不是任何一个应用（{1}）的 Token：请把正在保存的页面上的 Token 复制到 "
     "`token`，或者反过来"},
    {"a reverse proxy on the way {}: have it pass path and query on as they came (nginx: "
     "`proxy_pass http://host:port;` without a path behind it, and no rewrite)",
     "途中的反向代理{1}：请让它原样转发路径和查询参数（nginx：`proxy_pass "
     "http://host:port;` 后面不带路径，也不要 rewrite）"},
    {"has turned the plus signs of echostr into spaces", "把 echostr 中的加号变成了空格"},
    {"has percent-encoded echostr a second time", "对 echostr 又做了一次百分号编码"},
    {"echostr holds spaces, which WeCom never sends: a reverse proxy on the way rewrites the "
     "query: "
     "have it pass path and query on as they came (nginx: `proxy_pass http://host:port;` without a "
     "path behind it, and no rewrite)",
     "echostr "
     "中有空格，而企业微信从不这样发送：途中的反向代理改写了查询参数，请让它原样转发路径和查询参数"
     "（nginx：`proxy_pass "
     "http://host:port;` 后面不带路径，也不要 rewrite）"},
    {"{} is missing, which WeCom always sends: a reverse proxy on the way rewrites the query: have "
     "it pass path and query on as they came (nginx: `proxy_pass http://host:port;` without a path "
     "behind it, and no rewrite)",
     "缺少 "
     "{1}，而企业微信总会发送：途中的反向代理改写了查询参数，请让它原样转发路径和查询参数（nginx：`"
     "proxy_pass "
     "http://host:port;` 后面不带路径，也不要 rewrite）"},
    {"its query is malformed or too long, as WeCom's never is: a reverse proxy on the way rewrites "
     "it: have it pass path and query on as they came (nginx: `proxy_pass http://host:port;` "
     "without "
     "a path behind it, and no rewrite)",
     "查询参数格式错误或过长，而企业微信从不这样发送：途中的反向代理改写了它，请让它原样转发路径和"
     "查询参数（nginx：`proxy_pass "
     "http://host:port;` 后面不带路径，也不要 rewrite）"},
    {"app {}: the Token is right, but its EncodingAESKey does not open what was sent: copy the "
     "EncodingAESKey from the page that is being saved to `encoding_aes_key`",
     "应用 {1}：Token 正确，但 EncodingAESKey 解不开收到的内容：请把正在保存的页面上的 "
     "EncodingAESKey 复制到 "
     "`encoding_aes_key`"},
    {"app {}: Token and EncodingAESKey are right, but it is of another company than {}: copy the "
     "corp id from the admin console under My Company (我的企业 > 企业ID) to `corp_id`",
     "应用 {1}：Token 和 EncodingAESKey 正确，但请求属于 {2} 以外的企业：请把管理后台“我的企业 > "
     "企业ID”复制到 `corp_id`"},
    {"it is of a corp or agent id that none of the apps ({}) has: correct `corp_id` and "
     "`agent_id`, "
     "or remove the URL from the other app",
     "请求的企业 ID 或 AgentId 不属于任何一个应用（{1}）：请改正 `corp_id` 和 "
     "`agent_id`，或从另一个应用上移除该 URL"},
    {"app {}: Token and key may be right, but its time is far from this machine's: set the clock "
     "right (timedatectl set-ntp true)",
     "应用 {1}：Token 和 EncodingAESKey "
     "可能正确，但请求的时间与本机相差太多：请校准时钟（timedatectl set-ntp true）"},
    {"the address is outside allowed_source_cidrs: add `{}` there if it is WeCom's, or to "
     "trusted_proxies if it is a reverse proxy of yours",
     "该地址不在 allowed_source_cidrs 之内：如果它是企业微信的，请把 `{1}` "
     "加到那里；如果它是您的反向代理，请加到 trusted_proxies"},
};

}  // namespace

std::span<const Translation> setup_rows() {
    return setup_sentences;
}

}  // namespace hermes::wecom::chinese
