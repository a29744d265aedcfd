#include "chinese_rows.hpp"

#include <vector>

namespace hermes::host {
namespace {

constexpr Translation running_sentences[] = {
    // doctor
    {"ok", "正常"},
    {"skipped", "跳过"},
    {"warning", "警告"},
    {"FAILED", "失败"},
    {"configuration", "配置"},
    {"plugins", "插件"},
    {"plugin", "插件"},
    {"agent", "智能体"},
    {"none is enabled: set platforms.<name>.enabled in {}",
     "没有启用：请在 {1} 中设置 platforms.<名称>.enabled"},
    {"{}: there is no program {}: install it, or name it with its path",
     "{1}：没有程序 {2}：请安装，或写出完整路径"},
    {"{}: there is no program \"{}\": a program and its arguments are items of their own",
     "{1}：没有程序“{2}”：程序和每个参数要分别写成一项"},
    {"runs {} for each message", "每条消息运行 {1}"},
    {"runs {} for each change", "每次变化时运行 {1}"},
    {"watch", "监视"},
    {"{} {} does not answer ({}): start what serves it, or set another one",
     "{1} {2} 没有应答（{3}）：请启动它的服务，或改用别的地址"},
    {"it wants a key: set {}", "需要密钥：请设置 {1}"},
    {"set the right key in {}", "请在 {1} 中设置正确的密钥"},
    {"{} {}/models answers {}: check that it is the address before /chat/completions",
     "{1} {2}/models 返回 {3}：请检查它是否是 /chat/completions 之前的地址"},
    {"{} answers", "{1} 有应答"},
    {"version {}, {}", "版本 {1}，{2}"},
    {"echo: it repeats what it is told", "echo：复述收到的话"},
    {"{} can be read by every user of this machine, and holds secrets: chmod 600, or 640 with the "
     "gateway's group",
     "{1} 含有密钥，而本机所有用户都可以读取：请执行 chmod 600，或改为网关所在组的 640"},
    {"{} can be changed by every user of this machine, and holds secrets: chmod 600, or 640 with "
     "the gateway's group",
     "{1} 含有密钥，而本机所有用户都可以修改：请执行 chmod 600，或改为网关所在组的 640"},
    {"{} can be read and changed by every user of this machine, and holds secrets: chmod 600, or "
     "640 with the gateway's group",
     "{1} 含有密钥，而本机所有用户都可以读取和修改：请执行 chmod 600，或改为网关所在组的 640"},

    // an agent's turn
    {"attempt {#}", "第 {1} 次"},
    {"the agent said {#} bytes", "智能体说了 {1} 字节"},
    {"the agent has nothing to say", "智能体没有要说的"},
    {"the agent was told to stop", "已让智能体停止"},
    {"{} exited with status {#}", "{1} 以状态 {2} 结束"},
    {"{} exited with status {#}: {}", "{1} 以状态 {2} 结束：{3}"},
    {"{} was killed by signal {#}", "{1} 被信号 {2} 终止"},
    {"{} was killed by signal {#}: {}", "{1} 被信号 {2} 终止：{3}"},
    {"{} took longer than {} ({#} s) and was killed", "{1} 超过了 {2}（{3} 秒），已终止"},
    {"{} took longer than {} ({#} s) and was killed: {}", "{1} 超过了 {2}（{3} 秒），已终止：{4}"},
    {"{} wrote more than {#} bytes", "{1} 输出超过 {2} 字节"},
    {"{} wrote more than {#} bytes: {}", "{1} 输出超过 {2} 字节：{3}"},
    {"{} cannot be run: {}", "{1} 无法运行：{2}"},
    {"{} wrote a line that {}", "{1} 有一行输出{2}"},
    {"{} wrote a line that is no JSON object", "{1} 有一行输出不是 JSON 对象"},
    {"{} wrote a line that is no JSON object: {}", "{1} 有一行输出不是 JSON 对象：{2}"},
    {"{} wrote a line that has no `type` that is interim or reply",
     "{1} 有一行输出的 `type` 不是 interim 或 reply"},
    {"{} wrote a line that has no `type` that is interim or reply: {}",
     "{1} 有一行输出的 `type` 不是 interim 或 reply：{2}"},
    {"{} wrote a line that has a member `{}` that is not {}", "{1} 有一行输出的成员 `{2}` 不是{3}"},
    {"{} wrote an interim with attachments or choices: only a reply has them",
     "{1} 的 interim 里有 attachments 或 choices：只有 reply 可以有"},
    {"the question {} is put as text, and a number is no answer to it: it has {#} choices, and "
     "this platform takes {#}",
     "问题 {1} 只作为文字发出，回复编号不算选择：它有 {2} 个选项，而这个平台最多 {3} 个"},
    {"the question {} is put as text, and a number is no answer to it: the label of the choice {} "
     "has {#} bytes, and this platform takes {#}",
     "问题 {1} 只作为文字发出，回复编号不算选择：选项 {2} 的文字有 {3} 字节，"
     "而这个平台最多 {4} 字节"},
    {"an object", "对象"},
    {"a list of objects", "对象的列表"},
    {"an absolute path", "绝对路径"},
    {"image, voice, video or file", "image、voice、video 或 file"},
    {"the name of the question, in up to 512 bytes", "问题的名称，不超过 512 字节"},
    {"what is asked, where there is no `text` either", "要问的内容，而 `text` 也没有"},
    {"a name that no other option has, in up to 512 bytes", "其他选项没有的名称，不超过 512 字节"},
    {"one that no other option has", "其他选项没有的文字"},
    {"a list with something to choose from", "有内容可选的列表"},
    {"{} {} gave no answer within {} ({#} s)", "{1} {2} 在 {3}（{4} 秒）内没有回答"},
    {"{} {} cannot be reached: {}: start the endpoint there, or correct {}",
     "{1} {2} 无法连接：{3}：请启动那里的服务，或改正 {4}"},
    {"{} {} gave no whole reply: {}: see the endpoint's log, it may have worked on the message",
     "{1} {2} 没有给出完整的应答：{3}：请看该服务的日志，它可能已处理这条消息"},
    {"{} {} answered {}: it wants a key: name the variable that holds it in {}",
     "{1} {2} 返回 {3}：需要密钥：请在 {4} 中写出保存密钥的变量名"},
    {"{} {} answered {}: check the key in {}", "{1} {2} 返回 {3}：请检查 {4} 中的密钥"},
    {"{} {} answered {}: set {} to where it points", "{1} {2} 返回 {3}：请把 {4} 设为它指向的地址"},
    {"{} {} answered {}: {} should end in /v1, or {} {} is not known there",
     "{1} {2} 返回 {3}：{4} 应以 /v1 结尾，或那里没有 {5} {6}"},
    {"{} {} answered {}: wait, or raise the limit of the key or the endpoint",
     "{1} {2} 返回 {3}：请稍候，或提高密钥或服务的限额"},
    {"{} {} answered {}: raise the timeout of the proxy in front of the endpoint",
     "{1} {2} 返回 {3}：请提高该服务前代理的超时时间"},
    {"{} {} answered {}: see the endpoint's log", "{1} {2} 返回 {3}：请看该服务的日志"},
    {"{} {} answered {}: it does not take the request: check {}",
     "{1} {2} 返回 {3}：它不接受该请求：请检查 {4}"},
    {"{} {} answered with something other than JSON: it should end in /v1",
     "{1} {2} 返回的不是 JSON：地址应以 /v1 结尾"},
    {"{} {} answered without choices: check that it is an OpenAI-compatible endpoint, and {}",
     "{1} {2} 的应答中没有 choices：请检查它是否兼容 OpenAI，以及 {3}"},
    {"{} {} answered without choices {}: check that it is an OpenAI-compatible endpoint, and {}",
     "{1} {2} 的应答中没有 choices {3}：请检查它是否兼容 OpenAI，以及 {4}"},
    {"{} {} failed at its work: see the endpoint's log", "{1} {2} 处理失败：请看该服务的日志"},
    {"{} {} failed at its work {}: see the endpoint's log",
     "{1} {2} 处理失败 {3}：请看该服务的日志"},
    {"{} {} answered without text (finish_reason {}): check that {} is a chat model",
     "{1} {2} 的应答中没有文字（finish_reason {3}）：请检查 {4} 是否为聊天模型"},
    {"{} ({#} attempts)", "{1}（尝试 {2} 次）"},

    {"the file {} in the answer {}", "答复中的文件 {1} {2}"},
    {"is not sent: a message may have {#} files", "没有发送：一条消息最多 {1} 个文件"},
    {"is not sent: it has {#} bytes", "没有发送：它有 {1} 字节"},
    {"is not sent: this platform takes no files", "没有发送：此平台不接受文件"},
    {"cannot be copied: {}", "无法复制：{1}"},
    {"is in no folder that files may be sent from", "不在允许发送文件的目录中"},
    {"is no ordinary file", "不是普通文件"},
    {"is no path", "不是路径"},
    {"is a link, or lies behind one", "是链接，或在链接之后"},
    {"has steps that lead back", "的路径中有 .."},
    {"cannot be opened: {}", "无法打开：{1}"},

    // the gateway's log
    {"{} hangs: it has not come round for {#} s, and the service manager is told of no life any "
     "more",
     "{1} 停滞：已有 {2} 秒没有响应，不再向服务管理器报告正常"},
    {"{} was not what the gateway had written and cannot be renamed: {}",
     "{1} 不是网关写的内容，也无法改名：{2}"},
    {"{} was not what the gateway had written and is kept as {}: every chat begins with its first "
     "session again",
     "{1} 不是网关写的内容，已另存为 {2}：所有会话重新从第一轮对话开始"},
    {"started {}", "已启动 {1}"},
    {"platform {} did not start: {}", "平台 {1} 未能启动：{2}"},
    {"SIGTERM: stopping", "收到 SIGTERM：正在停止"},
    {"SIGINT: stopping", "收到 SIGINT：正在停止"},
    {"SIGHUP: stopping", "收到 SIGHUP：正在停止"},
    {"stopped", "已停止"},
    {"a platform did not stop in time: leaving it", "有平台没有按时停止：不再等待"},
    {"{#} process(es) of the agent that an earlier gateway left behind were ended",
     "已结束先前网关遗留的 {1} 个智能体进程"},
    {"account {}, chat {}, event {#} waits for the agent: {}",
     "应用 {1}、会话 {2} 的事件 {3} 在等待智能体：{4}"},
    {"event {} is answered by another gateway: the agent stops here",
     "事件 {1} 由另一网关回答：此处的智能体停止"},
    {"no answer for account {}, chat {}, event {#}: {}",
     "应用 {1}、会话 {2} 的事件 {3} 没有答复：{4}"},
    {"delivered: reply for account {}, chat {}, event {#}",
     "已送达：应用 {1}、会话 {2}、事件 {3} 的答复"},
    {"deferred: reply for account {}, chat {}, event {#}",
     "推迟到下次启动：应用 {1}、会话 {2}、事件 {3} 的答复"},
    {"reply for account {}, chat {}, event {#} failed: {}",
     "应用 {1}、会话 {2}、事件 {3} 的答复失败：{4}"},
    {"reload: {}", "重新加载：{1}"},
    {"the configuration is wrong: the gateway goes on with the old one, and would not start again",
     "配置有错：网关继续使用旧配置，但重启会失败"},
    {"the configuration is in force", "新配置已生效"},
    {"the configuration is in force, but for what needs a restart: see above",
     "新配置已生效，但注明“需要重启”的除外：见上文"},
    {"nothing has changed; certificates were read anew", "配置没有变化；证书已重新读取"},
    {"not all of the configuration is in force: see above", "配置没有全部生效：见上文"},
    {"{}: this change needs a restart", "{1}：此项修改需要重启"},
    {"{} (needs a restart)", "{1}（需要重启）"},
    {"{}: another value", "{1}：值已改变"},
    {"{}: new", "{1}：新增"},
    {"{}: gone", "{1}：移除"},

    // watch
    {"Hermes gateway on {}:", "{1} 上的 Hermes 网关："},
    {"FAILED: {}", "异常：{1}"},
    {"good again: {}", "恢复正常：{1}"},
    {"set aside: {#} message ({#} in all), which nobody tries any more: see `state dead list`",
     "有 {1} 条消息被搁置（共 {2} 条），不会再自动发送：请看 `state dead list`"},
    {"set aside: {#} messages ({#} in all), which nobody tries any more: see `state dead list`",
     "有 {1} 条消息被搁置（共 {2} 条），不会再自动发送：请看 `state dead list`"},
    {"could not look: {}", "无法检查：{1}"},
    {"watch.{}: nobody has been told: it {}", "watch.{1}：没有通知到任何人：它{2}"},
    {"exited with status {#}", "以状态 {1} 结束"},
    {"exited with status {#}: {}", "以状态 {1} 结束：{2}"},
    {"was killed by signal {#}", "被信号 {1} 终止"},
    {"took too long and was killed", "超时，已终止"},
    {"said too much", "输出过多"},
    {"could not be started: {}", "无法启动：{1}"},
    {"doctor: {}", "doctor {1}"},
    {"agent: {}", "智能体：{1}"},
};

}  // namespace

std::span<const Translation> chinese_rows() {
    static const std::vector<Translation> rows = [] {
        std::vector<Translation> all;
        for (const auto& part :
             {chinese_config_rows(), chinese_command_rows(), chinese_system_rows(),
              std::span<const Translation>(running_sentences)}) {
            all.insert(all.end(), part.begin(), part.end());
        }
        return all;
    }();
    return rows;
}

}  // namespace hermes::host
