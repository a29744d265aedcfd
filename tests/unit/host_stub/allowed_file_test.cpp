#include "agents/allowed_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "support/temp_directory.hpp"

namespace fs = std::filesystem;
using namespace hermes::host;

namespace {

class Disk {
public:
    Disk() {
        fs::create_directories(allowed() / "inner");
        std::ofstream(allowed() / "report.pdf") << "report";
        std::ofstream(allowed() / "inner" / "chart.png") << "chart!";
        std::ofstream(directory_.path() / "secret.txt") << "secret";
        fs::create_directories(directory_.path() / "allowed-not");
        std::ofstream(directory_.path() / "allowed-not" / "x") << "other!";
    }
    fs::path allowed() const { return directory_.path() / "allowed"; }
    fs::path outside() const { return directory_.path(); }

    // What is in it, or why not.
    std::string open(const std::string& path) const {
        auto opened = open_allowed_file({allowed()}, path);
        if (const auto* why = std::get_if<FileRefusal>(&opened)) {
            return *why;
        }
        const auto& file = std::get<AllowedFile>(opened);
        std::string content(file.bytes, '\0');
        CHECK(::read(file.fd.get(), content.data(), content.size()) ==
              static_cast<ssize_t>(content.size()));
        return content;
    }

private:
    hermes::test::TempDirectory directory_;
};

const std::string elsewhere = "is in no folder that files may be sent from";
const std::string behind_a_link = "is a link, or lies behind one";

}  // namespace

TEST_SUITE("host_stub/agents/allowed_file") {
    TEST_CASE("a file in the folder, and in one below it, may be sent") {
        const Disk disk;
        CHECK(disk.open(disk.allowed() / "report.pdf") == "report");
        CHECK(disk.open(disk.allowed() / "inner/chart.png") == "chart!");
    }

    TEST_CASE("a folder is known by its real name as well") {
        const Disk disk;
        const auto link = disk.outside() / "link-to-allowed";
        fs::create_directory_symlink(disk.allowed(), link);
        const auto by_real_name =
            open_allowed_file({link}, (fs::canonical(disk.allowed()) / "report.pdf").string());
        CHECK(std::holds_alternative<AllowedFile>(by_real_name));
        CHECK(std::holds_alternative<AllowedFile>(
            open_allowed_file({link}, (link / "report.pdf").string())));
    }

    TEST_CASE("what lies elsewhere may not, whatever its name begins with") {
        const Disk disk;
        for (const std::string& path :
             {std::string("/etc/passwd"), (disk.outside() / "secret.txt").string(),
              (disk.outside() / "allowed-not/x").string(), disk.allowed().string(),
              disk.allowed().string() + "/", std::string("report.pdf"), std::string("/"),
              std::string(), std::string("/proc/self/environ")}) {
            CAPTURE(path);
            CHECK(disk.open(path) == elsewhere);
        }
    }

    TEST_CASE("no step leads back or nowhere") {
        const Disk disk;
        const auto allowed = disk.allowed().string();
        for (const auto* rest :
             {"/../secret.txt", "/inner/../report.pdf", "/./report.pdf", "//report.pdf", "/.."}) {
            CAPTURE(rest);
            CHECK(disk.open(allowed + rest) == "has steps that lead back");
        }
    }

    TEST_CASE("no link is followed, to a file or to a folder, out of it or within") {
        const Disk disk;
        fs::create_symlink(disk.outside() / "secret.txt", disk.allowed() / "out.txt");
        fs::create_symlink(disk.allowed() / "report.pdf", disk.allowed() / "in.txt");
        fs::create_directory_symlink(disk.outside(), disk.allowed() / "up");
        fs::create_directory_symlink("/proc/self", disk.allowed() / "self");
        for (const auto* path : {"out.txt", "in.txt", "up/secret.txt", "self/environ"}) {
            CAPTURE(path);
            CHECK(disk.open(disk.allowed() / path) == behind_a_link);
        }
    }

    TEST_CASE("what is no ordinary file is none, and nobody waits for a pipe") {
        const Disk disk;
        REQUIRE(::mkfifo((disk.allowed() / "pipe").c_str(), 0600) == 0);
        CHECK(disk.open(disk.allowed() / "pipe") == "is no ordinary file");
        CHECK(disk.open(disk.allowed() / "inner") == "is no ordinary file");
        CHECK(disk.open(disk.allowed() / "none") == "cannot be opened: No such file or directory");
        const auto invented = open_allowed_file({"/proc"}, "/proc/version");
        CHECK(std::get<FileRefusal>(invented) == "is no ordinary file");
        CHECK(disk.open(disk.allowed().string() + "/report.pdf" + std::string(1, '\0')) ==
              "is no path");
    }
}
