#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "base/ascii.hpp"
#include "chinese/chinese_rows.hpp"

namespace hermes::host {
namespace {

struct Reason {
    int error;
    const char* translated;
};

constexpr Reason reasons[] = {
    {EPERM, "不允许该操作"},
    {ENOENT, "没有该文件或目录"},
    {EIO, "输入输出错误"},
    {E2BIG, "参数过长"},
    {ENOEXEC, "不是可执行的格式"},
    {ENOMEM, "内存不足"},
    {EACCES, "权限不足"},
    {EBUSY, "正被占用"},
    {EEXIST, "已经存在"},
    {ENOTDIR, "不是目录"},
    {EISDIR, "是一个目录"},
    {EINVAL, "参数无效"},
    {ENFILE, "系统打开的文件过多"},
    {EMFILE, "本进程打开的文件过多"},
    {ETXTBSY, "文件正被执行或写入"},
    {EFBIG, "文件过大"},
    {ENOSPC, "磁盘已满"},
    {EROFS, "只读的文件系统"},
    {EPIPE, "对方已关闭连接"},
    {ENAMETOOLONG, "文件名过长"},
    {ENOTEMPTY, "目录不是空的"},
    {ELOOP, "符号链接层数过多"},
    {EDQUOT, "磁盘配额已用完"},
    {EADDRINUSE, "地址已被占用"},
    {EADDRNOTAVAIL, "无法使用该地址"},
    {EAFNOSUPPORT, "不支持该地址类型"},
    {ENETDOWN, "网络已断开"},
    {ENETUNREACH, "网络不可达"},
    {ECONNABORTED, "连接中断"},
    {ECONNRESET, "连接被对方重置"},
    {ECONNREFUSED, "连接被拒绝"},
    {ETIMEDOUT, "连接超时"},
    {EHOSTUNREACH, "无法到达该主机"},
};

// As the C library says it, and as the end of a sentence of ours has it. What it is said of is left
// to the rows of those sentences.
struct Wordings {
    explicit Wordings(const Reason& reason) : translated(reason.translated) {
        english.fill(std::generic_category().message(reason.error));
        english[1][0] = base::lower(english[1][0]);
    }

    std::array<std::string, 2> english;
    const char* translated;
};

}  // namespace

std::span<const Translation> chinese_system_rows() {
    static const std::vector<Wordings> wordings(std::begin(reasons), std::end(reasons));
    static const std::vector<Translation> rows = [] {
        std::vector<Translation> all;
        for (const auto& words : wordings) {
            for (const auto& english : words.english) {
                all.push_back({english.c_str(), words.translated});
            }
        }
        return all;
    }();
    return rows;
}

}  // namespace hermes::host
