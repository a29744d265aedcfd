#include "chinese/rows.hpp"

namespace hermes::wecom::chinese {
namespace {

constexpr Translation state_sentences[] = {
    // the state
    {"state file {}", "消息库文件 {1}"},
    {"state database {}", "消息数据库 {1}"},
    {"the {} cannot be opened: disk full; make room and start again",
     "{1}无法打开：磁盘已满；请腾出空间后重新启动"},
    {"the {} is locked by another program ({}): end that program and start again",
     "{1}被别的程序占用（{2}）：请结束该程序后重新启动"},
    {"the {} is locked by another program: end that program and start again",
     "{1}被别的程序占用：请结束该程序后重新启动"},
    {"the {} cannot be used: {}; restore it from a backup, or move it away and a new one is made",
     "{1}无法使用：{2}；请从备份恢复，或移走它以便新建"},
    {"the {} does not answer ({}): check that the server runs and that the address in `state` is "
     "right",
     "{1}没有应答（{2}）：请检查数据库是否在运行，以及 `state` 中的地址是否正确"},
    {"the {} does not answer: check that the server runs and that the address in `state` is right",
     "{1}没有应答：请检查数据库是否在运行，以及 `state` 中的地址是否正确"},
    {"the {} cannot be opened: {}", "{1}无法打开：{2}"},
    {"the directory {} of the state file {} does not exist: create it, or change `data_dir` or "
     "`state`",
     "消息库文件 {2} 的目录 {1} 不存在：请创建它，或修改 `data_dir` 或 `state`"},
    {"the state file {} cannot be created: {}; make it and its directory writable for this user, "
     "or change `state`",
     "无法创建消息库文件 {1}：{2}；请让运行用户对它和所在目录可写，或修改 `state`"},
    {"the state file {} cannot be written: {}; make it and its directory writable for this user, "
     "or change `state`",
     "无法写入消息库文件 {1}：{2}；请让运行用户对它和所在目录可写，或修改 `state`"},
    {"the {} cannot be written: disk full; callbacks are answered 503 until there is space",
     "{1}无法写入：磁盘已满；有空间之前回调以 503 应答"},
    {"the {} cannot be written: another program holds it locked ({}); callbacks are answered 503 "
     "until it lets go",
     "{1}无法写入：被别的程序锁住（{2}）；放开之前回调以 503 应答"},
    {"the {} cannot be written: another program holds it locked; callbacks are answered 503 until "
     "it "
     "lets go",
     "{1}无法写入：被别的程序锁住；放开之前回调以 503 应答"},
    {"the {} is damaged ({}): stop the gateway and restore it from a backup; callbacks are "
     "answered "
     "503 until then",
     "{1}已损坏（{2}）：请停止网关并从备份恢复；在此之前回调以 503 应答"},
    {"the {} does not answer ({}); callbacks are answered 503 until it does",
     "{1}没有应答（{2}）；恢复之前回调以 503 应答"},
    {"the {} does not answer; callbacks are answered 503 until it does",
     "{1}没有应答；恢复之前回调以 503 应答"},
    {"the {} has been busy with one commit for more than {#} s (look at its disk, or at its "
     "synchronous standby); callbacks are answered 503 until it ends",
     "{1}有一个提交超过 {2} 秒未完成（请检查其磁盘或同步备库）；完成之前回调以 503 应答"},
    {"the {} cannot be written: {}; callbacks are answered 503 until it can",
     "{1}无法写入：{2}；恢复之前回调以 503 应答"},
    {"the message store cannot be written: disk full", "消息库无法写入：磁盘已满"},
    {"the message store is locked by another program", "消息库被别的程序占用"},
    {"the message store is damaged", "消息库已损坏"},
    {"the message store does not answer", "消息库没有应答"},
    {"the message store does not finish a commit", "消息库有提交未完成"},
    {"the message store cannot be written", "消息库无法写入"},
    {"the {} was written by a newer version (schema {#}, this one knows up to {#}): update the "
     "plugin, or name another `state`",
     "{1}由更新的版本写入（schema {2}，本版本最高支持 {3}）：请升级插件，或在 `state` 中换一个"},
    {"there is no state file {}: no gateway has run with this configuration yet",
     "没有消息库文件 {1}：还没有网关用此配置运行过"},
    {"the {} is empty: no gateway has run with this configuration yet",
     "{1}是空的：还没有网关用此配置运行过"},
    {"the {} refuses the connection ({}): correct user, password or database in `state`",
     "{1}拒绝连接（{2}）：请改正 `state` 中的用户、密码或数据库"},
    {"another gateway ({}) uses this `data_dir`: stop it, or give this one its own `data_dir`",
     "另一个网关（{1}）正在使用这个 `data_dir`：请停止它，或给本网关另设 `data_dir`"},
    {"it is a standby, which takes no writes: name the primary, or both, separated by a comma",
     "这是备库，不能写入：请改写主库地址，或把主备地址都写上，用逗号分隔"},
    {"events with one attempt left: {#}, each has it alone; others that were left wait",
     "只剩一次尝试的消息：{1} 条，逐条单独处理，其余遗留的消息等待"},
    {"another gateway, {}, has taken over", "另一个网关（{1}）已接管"},
    {"disk full", "磁盘已满"},
    {"locked by another program", "被别的程序占用"},
    {"damaged", "已损坏"},
    {"the database server does not answer", "数据库没有应答"},
    {"refused by the database", "被数据库拒绝"},
    {"the store has been stopped", "消息库已停止"},
    {"a commit does not end", "提交没有结束"},
    {"process {#}", "进程 {1}"},
    {"process unknown", "未知进程"},
    {"another gateway has taken it over", "已被另一个网关接管"},
    {"`state` names a PostgreSQL database, for which the package libsoci-postgresql4.0 is missing: "
     "install it (apt-get install libsoci-postgresql4.0)",
     "`state` 是 PostgreSQL 数据库，而缺少软件包 libsoci-postgresql4.0：请安装（`apt-get "
     "install libsoci-postgresql4.0`）"},
    {"the file {} belongs to another program: name another one in `state`",
     "文件 {1} 属于别的程序：请在 `state` 中换一个文件"},
    {"another gateway ({}) uses {}: stop it, or give this one its own `state`",
     "另一个网关（{1}）正在使用 {2}：请停止它，或为本网关设置自己的 `state`"},
    {"the {} is of an older version (schema {#}, this program writes {#}): restart the gateway "
     "with this version, which brings it up to date",
     "{1}是旧版本的（schema {2}，本程序写入 {3}）：请用本版本重启网关，它会自动升级"},
    {"the {} is of an older version (schema {#}, this one writes {#}) and other gateways are at "
     "work on it: stop them, start this one alone, which brings it up to date, then start the "
     "others with this version",
     "{1}是旧版本的（schema {2}，本版本写入 {3}），而其他网关正在使用它：请先停止它们，"
     "单独启动本网关来升级，再用本版本启动其他网关"},
    {"it was removed or replaced while the gateway runs (put it back, or restart)",
     "它在网关运行时被移走或替换（请放回，或重启网关）"},
    {"its file system does not support write-ahead logging; put it on a local disk",
     "所在的文件系统不支持预写日志；请放到本地磁盘"},
    {"its content is damaged", "内容已损坏"},
    {"file is not a database", "该文件不是数据库"},
    {"it is read-only", "它是只读的"},
    {"a file has been removed before its message came", "文件在消息到来之前已被删除"},
    {"event {#} is another gateway's by now, which answers it", "事件 {1} 现在由另一网关答复"},
    {"the connection is gone", "连接已断开"},
    {"it takes connections and says nothing", "它接受连接但没有回应"},
    {"{} is damaged ({}): look at the disk", "{1} 已损坏（{2}）：请检查磁盘"},
    {"{} is there already: a backup overwrites nothing", "{1} 已经存在：备份不会覆盖文件"},
    {"the {} is backed up by its own means: pg_dump", "{1}请用它自己的工具备份：pg_dump"},
    {"{} cannot be sent again, since no app could be found for it or it has no text: send it anew "
     "with `send`, or drop it",
     "{1} 无法重新发送，因为找不到它的应用或没有文字：请用 `send` 另发一条，或丢弃"},

    // what became of a message that was given to send
    {"stored; it goes out after the next start", "已保存，下次启动后发出"},
    {"stored; the gateway that runs delivers it", "已保存，由正在运行的网关送达"},
    {"stored; the gateway that runs delivers it when it can: {}",
     "已保存，由正在运行的网关送达，目前还不能：{1}"},
    {"stored; another gateway delivers it", "已保存，由另一个网关送达"},
    {"stored; it has left the outbox since, without this gateway",
     "已保存，此后已由别的网关处理完"},
    {"another gateway has taken the chat over and answers this",
     "另一个网关已接管该会话并负责答复"},
    {"the message could not be stored: {}", "消息无法保存：{1}"},
    {"the adapter is not running", "适配器没有运行"},

    // a backup
    {"{} holds all of {}: {#} waiting in the inbox, {#} in the outbox",
     "{1} 已包含 {2} 的全部内容：收件箱等待 {3}，发件箱等待 {4}"},

    // what became of a message
    {"received, stored and acknowledged", "已收到、保存并确认"},
    {"attempt {#} of the agent begins", "智能体第 {1} 次处理开始"},
    {"{#} attempt of the agent", "智能体已处理 {1} 次"},
    {"{#} attempts of the agent", "智能体已处理 {1} 次"},
    {"the agent works on it", "智能体正在处理"},
    {"waits for the agent", "等待智能体"},
    {"settled without an answer, or its answer is no longer kept",
     "已处理完：没有回复，或回复已不再保留"},
    {"set aside as {}: {}", "已搁置为 {1}：{2}"},
    {"the answer", "回复"},
    {"the message", "消息"},
    {"part {#} of {#} of {}", "{3}的第 {1} 部分（共 {2} 部分）"},
    {"answered, and {} is stored", "已回答，{1}已保存"},
    {"given to send, and {} is stored", "已交付发送，{1}已保存"},
    {"attempt {#} to send {}: taken after {}", "第 {1} 次发送{2}：{3} 后被接受"},
    {"attempt {#} to send {}: failed after {}: {}", "第 {1} 次发送{2}：{3} 后失败：{4}"},
    {"{#} failed attempt", "失败 {1} 次"},
    {"{#} failed attempts", "失败 {1} 次"},
    {"{} waits to be sent", "{1}等待发送"},
    {"{} waits to be sent: {}", "{1}等待发送：{2}"},
    {"{} waits to be sent, after {}", "{1}等待发送，此前{2}"},
    {"{} waits to be sent, after {}: {}", "{1}等待发送，此前{2}：{3}"},
    {"{} was taken by the platform", "{1}已被平台接受"},
    {"{} was taken by the platform, after {}", "{1}已被平台接受，此前{2}"},
    {"{} was taken by the platform, its message id is {}", "{1}已被平台接受，消息编号为 {2}"},
    {"{} was taken by the platform, after {}, its message id is {}",
     "{1}已被平台接受，此前{2}，消息编号为 {3}"},
    {"{} was set aside as {}", "{1}已搁置为 {2}"},
    {"{} was set aside as {}: {}", "{1}已搁置为 {2}：{3}"},
    {"{} was set aside as {}, after {}", "{1}已搁置为 {2}，此前{3}"},
    {"{} was set aside as {}, after {}: {}", "{1}已搁置为 {2}，此前{3}：{4}"},
};

}  // namespace

std::span<const Translation> state_rows() {
    return state_sentences;
}

}  // namespace hermes::wecom::chinese
