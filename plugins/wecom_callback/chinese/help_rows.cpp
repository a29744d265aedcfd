#include "chinese/rows.hpp"

namespace hermes::wecom::chinese {
namespace {

constexpr Translation help_sentences[] = {
    {"WeCom (Enterprise WeChat) self-built apps in callback mode",
     "企业微信自建应用（接收消息的回调模式）"},

    // an app
    {"Corp ID, at the bottom of My Company > Enterprise information (我的企业 > 企业信息)",
     "企业ID，在“我的企业 > 企业信息”页面底部"},
    {"Secret of the app, on the app's page", "应用的 Secret，在应用详情页"},
    {"AgentId, on the app's page", "AgentId，在应用详情页"},
    {"Token of Receive Messages, on the app's page", "应用“接收消息”的 Token"},
    {"EncodingAESKey of Receive Messages, 43 characters",
     "应用“接收消息”的 EncodingAESKey，43 个字符"},
    {"Name of the app in logs and for `send --account`; `default` for a single app",
     "应用在日志和 `send --account` 中的名称；只有一个应用时为 `default`"},

    // who may write
    {"Who may write: user, corp:user or corp:*; nobody if neither this nor allow_all_users",
     "谁可以发消息：user、corp:user 或 corp:*；与 allow_all_users 都没有设置时，谁也不可以"},
    {"Let every member whom the app is visible to write", "应用可见范围内的所有成员都可以发消息"},
    {"What somebody reads, once a day, who writes and is not admitted; {id} stands for the entry "
     "of "
     "allowed_users that would admit them",
     "未获准的人发消息时看到的文字，每天一次；{id} 表示应写入 allowed_users 的那一项"},

    // WeCom's API
    {"Where WeCom's API is; another one for private deployments",
     "企业微信接口的地址；私有部署时填自己的地址"},
    {"PEM file with the CA of a private deployment, trusted beside the system's",
     "私有部署的 CA 证书（PEM 文件），与系统信任的 CA 同时有效"},
    {"http://[user:password@]host:port for calls to WeCom, for servers without a fixed IP",
     "调用企业微信所用的代理 http://[user:password@]host:port，用于没有固定 IP 的服务器"},
    {"How many replies of an app are under way to WeCom at most; how many are, it finds out",
     "每个应用最多同时发送多少条回复；实际多少由网关自行调整"},

    // what members see
    {"text: readable everywhere; markdown: shown by WeCom's clients, not in WeChat",
     "text：到处都能看；markdown：企业微信客户端可以显示，微信里不行"},
    {"Show an answer that is one link, and words on it, as a card with a button",
     "如果回复只是一个链接及其说明，则显示为带按钮的卡片"},
    {"Let notices go to many at once: corp:party/ID, corp:tag/ID, corp:all",
     "允许通知同时发给多人：corp:party/ID、corp:tag/ID、corp:all"},
    {"What a member reads who opens the app; needs the console's report of it (docs/members.md)",
     "成员打开应用时看到的文字；需要在管理后台开启“上报进入应用事件”（docs/members.zh-CN.md）"},
    {"How long a member who was welcomed is not welcomed again", "欢迎过的成员多久之内不再欢迎"},
    {"What the agent is given for a menu entry: its key and a text (docs/members.md)",
     "点击菜单项时交给智能体的内容：它的 key 和文字（docs/members.zh-CN.md）"},
    {"card: a question's choices as buttons, shown by WeCom's clients, not in WeChat; text: as "
     "numbered lines that a member answers by number",
     "card：问题的选项显示为按钮，企业微信客户端可以显示，微信里不行；text：显示为编号的几行，成员"
     "回复编号"},
    {"Number the parts of a reply that is longer than one message",
     "回复超过一条消息时，为各部分编号"},
    {"From so many messages on (at least 2) a reply is its beginning and a .md file; 0: never",
     "回复达到这么多条消息（至少 2）时，只发开头和一个 .md 文件；0：从不"},

    // where it listens
    {"Address to listen on; :: for IPv6 and IPv4", "监听的地址；:: 表示 IPv6 和 IPv4"},
    {"Port to listen on; 0: any free", "监听的端口；0：任一空闲端口"},
    {"Path of the callback URL", "回调 URL 的路径"},
    {"PEM file with the certificate chain, to serve HTTPS without a reverse proxy",
     "证书链（PEM 文件），用于不经反向代理直接提供 HTTPS"},
    {"PEM file with the private key of tls_certificate", "tls_certificate 的私钥（PEM 文件）"},
    {"Networks from which callbacks are taken; all if absent",
     "接受哪些网段发来的回调；不设置则全部接受"},
    {"Networks of reverse proxies whose X-Forwarded-For is believed",
     "哪些网段的反向代理可信（采信其 X-Forwarded-For）"},
    {"Threads that serve HTTP", "处理 HTTP 的线程数"},
    {"Largest callback body; WeCom's are below 64 KiB",
     "回调请求体的上限；企业微信的都小于 64 KiB"},
    {"Serve /metrics for Prometheus", "为 Prometheus 提供 /metrics"},

    // what is kept
    {"Where messages are kept: a file, or postgresql://...; wecom_callback.db in the data "
     "directory "
     "if absent",
     "消息保存在哪里：文件，或 postgresql://...；不设置则为数据目录中的 wecom_callback.db"},
    {"How long a reply is tried, while the gateway runs, before it is set aside",
     "回复最多尝试多久（按网关运行的时间计）才搁置"},
    {"Folder for the files that members send, for this user alone; in the data directory unless it "
     "begins with /",
     "存放成员所发文件的目录，仅当前用户可读；不以 / 开头则在数据目录中"},
    {"How long a message waits for its file before the agent gets it without",
     "消息等待其文件多久，之后不带文件交给智能体"},
    {"Largest file that is taken from a member", "接收成员文件的大小上限"},
    {"How long a member's file is kept, at least until its message has been dealt with",
     "成员的文件保留多久，至少到其消息处理完"},
    {"Program and arguments that turn a voice file into text on stdout; {file} is its path, else "
     "the "
     "last argument",
     "把语音文件转成文字（输出到 stdout）的程序及参数；{file} 是文件路径，没有则作为最后一个参数"},
    {"How long transcribe_command may take", "transcribe_command 最多运行多久"},
};

}  // namespace

std::span<const Translation> help_rows() {
    return help_sentences;
}

}  // namespace hermes::wecom::chinese
