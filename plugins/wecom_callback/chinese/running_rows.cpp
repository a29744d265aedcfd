#include "chinese/rows.hpp"

namespace hermes::wecom::chinese {
namespace {

constexpr Translation running_sentences[] = {
    // the steps of a message
    {"stored after {} ms", "{1} 毫秒后已保存"},
    {"known already, after {} ms", "{1} 毫秒后认出是已有的消息"},
    {"goes to the agent, attempt {#}", "交给智能体，第 {1} 次"},
    {"{}, with a file of {#} bytes", "{1}，附 {2} 字节的文件"},
    {"{}, without its file: {}", "{1}，缺少文件：{2}"},
    {"is set aside: {}", "被搁置：{1}"},
    {"the final reply is stored as message {#}", "最终答复已保存为消息 {1}"},
    {"message {#}", "消息 {1}"},
    {"part {#} of {#} of message {#}", "消息 {3} 的第 {1}/{2} 部分"},
    {"{} goes to WeCom, attempt {#}", "{1} 发往企业微信，第 {2} 次"},
    {"WeCom has accepted {}", "企业微信已接收{1}"},
    {"{} waits, the next attempt is in {#} s at the earliest: {}",
     "{1} 在等待，最早 {2} 秒后再次尝试：{3}"},
    {"{} is set aside: {}", "{1} 被搁置：{2}"},

    // the gateway's log
    {"nothing for an agent: {}", "没有可交给智能体的内容：{1}"},
    {"listening on {}, {#} app(s), messages kept in {}",
     "正在监听 {1}，{2} 个应用，消息保存在 {3}"},
    {"messages can be stored again", "消息又可以保存了"},
    {"event {#} of app {}, chat {} is set aside: {}; see `state dead list`",
     "应用 {2}、会话 {3} 的事件 {1} 被搁置：{4}；请看 `state dead list`"},
    {"the agent began with it {#} times and the gateway ended each time",
     "智能体处理了 {1} 次，每次网关都异常退出"},
    {"messages wait for {}", "{1}的消息在等待"},
    {"replies wait for {}", "{1}的答复在等待"},
    {"app {} (corp_id:agent_id), which is not configured", "未配置的应用 {1}（corp_id:agent_id）"},
    {"an app that was named `{}`: none of that name, or not exactly one of its corp, is configured",
     "曾名为 `{1}` 的应用（现在没有该名称的应用，或同一企业中不止一个）"},
    {"event {#} cannot be read any more: {}", "事件 {1} 已无法读取：{2}"},
    {"event {#} of {}, app {}, goes to the agent without its file: {}",
     "{2} 在应用 {3} 的事件 {1} 交给智能体时缺少文件：{4}"},
    {"a message to {}, app {}, goes without its file: that is empty, could not be read whole, or "
     "is "
     "not there any more",
     "应用 {2} 发给 {1} 的一条消息缺少文件：文件为空、未能完整读取，或已不存在"},
    {"event {#} of {}, app {}, stays voice: {}", "{2} 在应用 {3} 的事件 {1} 未能转成文字：{4}"},
    {"not sent to {}: {}", "未发送给 {1}：{2}"},
    {"app {} sends nothing until this has changed, its replies wait: {}",
     "应用 {1} 暂停发送，答复在等待，直到解决：{2}"},
    {"app {} sends again", "应用 {1} 恢复发送"},
    {"app {} cannot send at the moment: WeCom answers {#}",
     "应用 {1} 目前无法发送：企业微信返回 {2}"},
    {"app {} cannot send at the moment", "应用 {1} 目前无法发送"},
    {"app {}, chat {}: not delivered yet: {}", "应用 {1}，会话 {2}：尚未送达：{3}"},
    {"app {}, chat {}: given up, delivery_deadline has passed: {}",
     "应用 {1}，会话 {2}：已超过 delivery_deadline，放弃：{3}"},
    {"app {}, chat {}: {}", "应用 {1}，会话 {2}：{3}"},
    {"its turn never came", "一直没有轮到它"},
    {"its account is not configured any more: add it again and retry, or drop it",
     "其应用已不再配置：请重新添加后重试，或丢弃"},
    {"request from {} refused: {}", "拒绝来自 {1} 的请求：{2}"},
    {"app {}: request from {} refused: {}", "应用 {1}：拒绝来自 {2} 的请求：{3}"},
    {"the signature does not match: copy the Token from the app's page to `token`",
     "签名不符：请把应用页面上的 Token 复制到 `token`"},
    {"the signature does not match the Token of any app: copy the Token from the app's page to "
     "`token`",
     "签名与任何应用的 Token 都不符：请把应用页面上的 Token 复制到 `token`"},
    {"no app is configured for corp id {} and agent id {}: correct `corp_id` and `agent_id`, or "
     "remove the URL from the other app",
     "没有配置企业 ID 为 {1}、AgentId 为 {2} 的应用：请改正 `corp_id` 和 "
     "`agent_id`，或从另一个应用上移除该 URL"},
    {"no app is configured for corp id {}: correct `corp_id` and `agent_id`, or remove the URL "
     "from the other app",
     "没有配置企业 ID 为 {1} 的应用：请改正 `corp_id` 和 `agent_id`，或从另一个应用上移除该 URL"},
    {"callback from {} refused: it is outside allowed_source_cidrs; add `{}` there if it is "
     "WeCom's, "
     "or to trusted_proxies if it is a reverse proxy of yours",
     "拒绝来自 {1} 的回调：该地址不在 allowed_source_cidrs 之内；如果它是企业微信的，请把 `{2}` "
     "加到那里；如果它是您的反向代理，请加到 "
     "trusted_proxies"},
    {"app {}: a callback of WeCom is of no use and acknowledged: {}",
     "应用 {1}：企业微信的一个回调没有用处，已确认：{2}"},
    {"this version does not know {}", "本版本不认识 {1}"},
    {"{} ({#} more like it were not logged)", "{1}（另有 {2} 条类似的未记录）"},
    {"{} wrote to app {} and is not admitted: add `{}` to allowed_users to change that",
     "{1} 给应用 {2} 发了消息，但不在允许之列：要允许请把 `{3}` 加入 allowed_users"},
    {"gateways on this database: {#}", "此数据库上的网关数：{1}"},
    {"a gateway that has been silent for {#} s was cut off from the database: others serve its "
     "chats",
     "一个沉默了 {1} 秒的网关已被断开与数据库的连接：它的会话由其他网关服务"},
    {"its connection to the database was lost, and {} with it: another gateway serves them, or "
     "this "
     "one again",
     "与数据库的连接断开，{1}随之失去：由其他网关服务，或由本网关重新取得"},
    {"serves {}", "正在服务 {1}"},
    {"{#} of {#} shards", "{2} 个分片中的 {1} 个"},
    {"{} could not be written: {}", "{1} 无法写入：{2}"},
    {"the outbox cannot be read: {}", "无法读取待发消息：{1}"},
    {"the end of event {#}", "事件 {1} 的结束"},
    {"an attempt at event {#}", "事件 {1} 的一次尝试"},
    {"what is remembered of a member or a file", "对某个成员或文件的记录"},
    {"what is known of an access token", "access_token 的记录"},
    {"what a stop takes back", "停止时收回的内容"},
    {"when replies that were put back expire", "重新放回的回复何时过期"},
    {"the store does not take that {}: {}; it may be sent again after the next start",
     "消息库没有记下“{1}”：{2}；下次启动后可能会重发"},
    {"media_dir {}", "media_dir {1}"},
    {"{} can be looked into by other users of this machine: chmod 700 {}",
     "本机其他用户可以查看 {1}：请执行 chmod 700 {2}"},
    {"{}: the disk is full", "{1}：磁盘已满"},
    {"{}: no file can be written there: give this user a folder of its own",
     "{1}：无法在那里写文件：请给运行用户一个自己的目录"},
    {"{}: no file can be written there: {}", "{1}：无法在那里写文件：{2}"},
    {"{}: cannot be made: {}", "{1}：无法创建：{2}"},
    {"{}: {} is not a folder", "{1}：{2} 不是目录"},

    // files on their way in
    {"it did not come in time", "没有及时取到"},
    {"it is too large", "文件过大"},
    {"it is too large ({})", "文件过大（{1}）"},
    {"it has {#} bytes, `media_bytes_max` is {#}", "有 {1} 字节，而 `media_bytes_max` 为 {2}"},
    {"WeCom sent another piece than was asked for", "企业微信发来的不是所请求的分段"},
    {"it is empty", "文件为空"},
    {"the disk is full", "磁盘已满"},
    {"it cannot be written to the disk", "无法写入磁盘"},
    {"the app is not configured any more", "该应用已不再配置"},
    {"transcribe_command {}", "transcribe_command {1}"},
    {"transcribe_command cannot be run: this process may start no thread",
     "transcribe_command 无法运行：本进程不能再创建线程"},
    {"transcribe_command ended with status {#}", "transcribe_command 以状态 {1} 结束"},
    {"transcribe_command ended with status {#}: {}", "transcribe_command 以状态 {1} 结束：{2}"},
    {"transcribe_command was ended by signal {#}", "transcribe_command 被信号 {1} 结束"},
    {"transcribe_command was ended by signal {#}: {}", "transcribe_command 被信号 {1} 结束：{2}"},
    {"transcribe_command took longer than transcribe_timeout ({#} s)",
     "transcribe_command 超过了 transcribe_timeout（{1} 秒）"},
    {"transcribe_command took longer than transcribe_timeout ({#} s): {}",
     "transcribe_command 超过了 transcribe_timeout（{1} 秒）：{2}"},
    {"transcribe_command said more than {#} bytes", "transcribe_command 输出超过 {1} 字节"},
    {"transcribe_command could not be started: {}", "transcribe_command 无法启动：{1}"},
    {"transcribe_command heard nothing", "transcribe_command 没有听出内容"},
    {"too many voice messages wait for transcribe_command", "等待 transcribe_command 的语音过多"},

    // what can't be sent
    {"the app of this chat cannot be looked up: {}", "无法查到该会话所属的应用：{1}"},
    {"the message has {#} attachments, and one may have {#}: send the rest in another one",
     "消息有 {1} 个附件，而一条最多 {2} 个：请把其余的放进另一条"},
    {"the message has no text, and WeCom refuses a blank one",
     "消息没有文字，而企业微信拒绝空白消息"},
    {"a question is put to one member, and {} names many", "问题只能提给一位成员，而 {1} 指多人"},
    {"'{}' is more than one member, and the app '{}' may not write to many at once: set "
     "`broadcast: "
     "true` for it if that is meant",
     "'{1}' 不止一位成员，而应用 '{2}' 不允许群发：确需群发请为它设置 `broadcast: true`"},
    {"the chat '{}' is not a member: write corp_id:user_id, for example ww1234567890:zhangsan",
     "会话 '{1}' 不是成员：请写 corp_id:user_id，例如 ww1234567890:zhangsan"},
    {"no app is named '{}'; the configured apps are {}", "没有名为 '{1}' 的应用；已配置的有 {2}"},
    {"the app '{}' belongs to corp {} and cannot reach a member of corp {}; apps of that corp: {}",
     "应用 '{1}' 属于企业 {2}，无法发给企业 {3} 的成员；该企业的应用：{4}"},
    {"the member '{}' may be of several corps; say which: {}",
     "成员 '{1}' 可能属于多个企业；请指明：{2}"},
    {"no app of corp {} is configured; the configured corps are {}",
     "没有配置企业 {1} 的应用；已配置的企业有 {2}"},
    {"corp {} has several apps and the member '{}' has not written to any of them yet; name one as "
     "the account: {}",
     "企业 {1} 有多个应用，而成员 '{2}' 还没有给其中任何一个发过消息；请指明应用：{3}"},
    {"corp {} has several apps; name one as the account: {}",
     "企业 {1} 有多个应用；请指明应用：{2}"},
    {"the choice {} has no id", "选项 {1} 没有 id"},
    {"the id of the choice {} has {#} bytes, {#} at most", "选项 {1} 的 id 有 {2} 字节，最多 {3}"},
    {"the choice of id {} has an empty label", "id 为 {1} 的选项没有文字"},
    {"the label of the choice {} has {#} bytes, {#} at most",
     "选项 {1} 的文字有 {2} 字节，最多 {3}"},
    {"the question's id has {#} bytes, {#} at most", "问题的 id 有 {1} 字节，最多 {2}"},
    {"the question {} has {#} choices, and can have 1 to {#}",
     "问题 {1} 有 {2} 个选项，可以有 1 到 {3} 个"},
    {"two choices have the id {}", "两个选项的 id 都是 {1}"},
    {"two choices have the label {}", "两个选项的文字都是 {1}"},
    {"no app is configured", "没有配置应用"},
    {"the question has no id", "问题没有 id"},
    {"the question {} has no text that asks anything", "问题 {1} 没有提问的文字"},

    // what WeCom tells of an app
    {"app {}: {}", "应用 {1}：{2}"},
    {"WeCom has switched the app off, since nobody used it: an administrator has to switch it on "
     "again in the admin console; until then nothing can be sent",
     "因为长期无人使用，企业微信已停用该应用：需要管理员在管理后台重新启用，在此之前无法发送"},

    {"WeCom will switch the app off soon, since nobody uses it: let members open it, or tell the "
     "corp's administrator",
     "因为无人使用，企业微信即将停用该应用：请让成员打开它，或告知企业管理员"},
    {"WeCom will take customer data from the app soon, since few use it: let members open it, or "
     "tell "
     "the corp's administrator",
     "因为使用者很少，企业微信即将停止向该应用提供客户数据：请让成员打开它，或告知企业管理员"},
    {"an administrator has switched the app on again", "管理员已重新启用该应用"},
    {"WeCom counts the app among those that few use, and keeps customer data from it",
     "企业微信把该应用计入低活跃应用，不再向它提供客户数据"},
    {"WeCom counts the app among those in use again", "企业微信已恢复该应用的活跃状态"},
    {"{}: {} ({}) could not be sent: {}", "{1}：{2}（{3}）未能发送：{4}"},
    {"{}: {} could not be sent: {}", "{1}：{2} 未能发送：{3}"},
    {"WeCom takes no file of less than 6 bytes.", "企业微信不接受小于 6 字节的文件。"},
    {"WeCom takes files of up to 20 MB.", "企业微信的文件不能超过 20 MB。"},
    {"it could not be read.", "文件无法读取。"},
    {"it could not be read. ({})", "文件无法读取。（{1}）"},
    {"it is no ordinary file", "这不是普通文件"},
    {"it has neither path nor handle", "既没有路径也没有句柄"},

    // callbacks that were refused
    {"msg_signature, timestamp, nonce or echostr is missing",
     "缺少 msg_signature、timestamp、nonce 或 echostr"},
    {"the query string is malformed or too long", "查询参数格式错误或过长"},
    {"the content is not well-formed XML in UTF-8", "内容不是 UTF-8 编码的合法 XML"},
    {"the XML uses what WeCom never sends, or is too large or too deep",
     "XML 中有企业微信从不发送的内容，或者过大、过深"},
    {"the XML has no Encrypt element", "XML 中没有 Encrypt 元素"},
    {"no app is configured for this corp id and agent id", "没有配置该企业 ID 和 AgentId 的应用"},
    {"the signature does not match the app's callback token", "签名与应用的 Token 不符"},
    {"the value is not base64", "内容不是 base64"},
    {"an EncodingAESKey has exactly 43 characters", "EncodingAESKey 正好是 43 个字符"},
    {"the ciphertext does not consist of whole AES blocks", "密文不是完整的 AES 分组"},
    {"the padding is wrong: is the EncodingAESKey that of the admin console?",
     "填充有误：EncodingAESKey 是否与管理后台一致？"},
    {"the length inside the decrypted text is wrong", "解密后内容中的长度有误"},
    {"the decrypted text is meant for another corp id", "解密后的内容属于别的企业 ID"},
    {"the decrypted message is meant for another app", "解密后的消息属于别的应用"},
    {"the message lacks ToUserName, FromUserName or MsgType",
     "消息缺少 ToUserName、FromUserName 或 MsgType"},
    {"the value can't be an id of a corp, a member, an app or a message",
     "该值不可能是企业、成员、应用或消息的 ID"},
    {"the time is not a number of seconds", "时间不是秒数"},
    {"the timestamp is too old: a replay, or this server's clock is ahead",
     "时间戳过旧：可能是重放，或本服务器时钟偏快"},
    {"the timestamp is in the future: check this server's clock",
     "时间戳在未来：请检查本服务器的时钟"},
    {"a verification request holds something else than WeCom sends there",
     "验证请求中的内容不是企业微信所发送的"},
};

}  // namespace

std::span<const Translation> running_rows() {
    return running_sentences;
}

const std::vector<Translation>& all_rows() {
    static const std::vector<Translation> rows = [] {
        std::vector<Translation> all;
        for (const auto& part : {setup_rows(), running_rows(), state_rows(), command_rows(),
                                 help_rows(), error_rows()}) {
            all.insert(all.end(), part.begin(), part.end());
        }
        return all;
    }();
    return rows;
}

}  // namespace hermes::wecom::chinese
