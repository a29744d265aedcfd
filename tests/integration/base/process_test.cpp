#include "base/process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "support/eventually.hpp"
#include "support/temp_directory.hpp"

namespace hermes::base {
namespace {

ProcessOptions shell(const std::string& script) {
    ProcessOptions options;
    options.command = {"sh", "-c", script};
    options.output = Stream::pipe;
    return options;
}

Process start(const ProcessOptions& options) {
    return Process::start(options).value();
}

std::string read_all(const UniqueFd& file) {
    std::string text;
    char bytes[512];
    for (ssize_t size; (size = ::read(file.get(), bytes, sizeof bytes)) > 0;) {
        text.append(bytes, static_cast<std::size_t>(size));
    }
    return text;
}

std::string output_of(const ProcessOptions& options) {
    auto process = start(options);
    return read_all(process.output);
}

bool exists(pid_t pid) {
    return ::kill(pid, 0) == 0;
}

SteadyTime soon() {
    return std::chrono::steady_clock::now() + test::patience;
}

}  // namespace

TEST_SUITE("base/process starts a program") {
    TEST_CASE("and tells how it has ended") {
        CHECK(start(shell("exit 3")).wait() == Ending{3, 0});
        CHECK(start(shell("kill -KILL $$")).wait() == Ending{0, SIGKILL});
    }

    TEST_CASE("with three streams, each of which is what it was asked to be") {
        auto options = shell("read line; echo \"got $line\"; echo trouble >&2");
        options.input = options.errors = Stream::pipe;
        auto process = start(options);
        REQUIRE(::write(process.input.get(), "hello\n", 6) == 6);
        CHECK(read_all(process.output) == "got hello\n");
        CHECK(read_all(process.errors) == "trouble\n");

        options = shell("read line || echo nothing; echo trouble >&2");
        options.errors = Stream::as_output;
        CHECK(output_of(options) == "nothing\ntrouble\n");

        const test::TempDirectory folder;
        const auto path = folder.path() / "file";
        const UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        options = shell("echo into a file");
        options.output = Stream(file);
        CHECK(start(options).wait() == Ending{});
        CHECK(::lseek(file.get(), 0, SEEK_SET) == 0);
        CHECK(read_all(file) == "into a file\n");
    }

    TEST_CASE("with nothing else of ours open, whatever its descriptors are") {
        const UniqueFd inherited(::open("/dev/null", O_RDONLY));
        auto options = shell("ls /proc/self/fd | wc -l");
        CHECK(output_of(options) == "4\n");  // 0, 1, 2 and the folder that ls reads
        options.errors = Stream(inherited);
        CHECK(output_of(options) == "4\n");
    }

    TEST_CASE("also where what is to be one of its streams is another of ours") {
        const test::TempDirectory folder;
        const auto path = folder.path() / "file";
        const UniqueFd own_input(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
        ::close(STDIN_FILENO);
        UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        REQUIRE(file.get() == STDIN_FILENO);
        auto options = shell("cat; echo there");
        options.output = Stream(file);
        CHECK(start(options).wait() == Ending{});
        CHECK(::lseek(file.get(), 0, SEEK_SET) == 0);
        CHECK(read_all(file) == "there\n");
        file.reset();
        ::dup2(own_input.get(), STDIN_FILENO);
    }

    TEST_CASE("in the folder and with the environment that are asked for, else in ours") {
        const test::TempDirectory folder;
        ::setenv("HERMES_PROCESS_TEST", "ours", 1);
        auto options = shell("echo \"$HERMES_PROCESS_TEST$GREETING\"; pwd");
        options.folder = folder.path().string();
        CHECK(output_of(options) == "ours\n" + options.folder + "\n");
        options.environment = {"GREETING=hello"};
        CHECK(output_of(options) == "hello\n" + options.folder + "\n");
        const std::string longer(1'000, 'x');
        options.environment = {"GREETING=" + longer};
        CHECK(output_of(options) == longer + "\n" + options.folder + "\n");
        ::unsetenv("HERMES_PROCESS_TEST");
    }

    TEST_CASE("with no signal blocked or ignored, whatever the thread that starts it does") {
        std::thread([] {
            sigset_t all;
            ::sigfillset(&all);
            ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
            const auto before = ::signal(SIGPIPE, SIG_IGN);
            CHECK(start(shell("kill -PIPE $$")).wait() == Ending{0, SIGPIPE});
            auto process = start(shell("kill -TERM $$"));
            ::signal(SIGPIPE, before);
            CHECK(process.wait() == Ending{0, SIGTERM});
            sigset_t still;
            ::pthread_sigmask(SIG_SETMASK, nullptr, &still);
            CHECK(::sigismember(&still, SIGTERM) == 1);
        }).join();
    }
}

TEST_SUITE("base/process cannot start") {
    TEST_CASE("what is not there: an error that says so") {
        ProcessOptions options;
        options.command = {"/nowhere/program"};
        CHECK(Process::start(options).error().value() == ENOENT);
        options.command = {"a-program-that-nobody-has"};
        CHECK(Process::start(options).error().value() == ENOENT);
        options = shell("exit");
        options.folder = "/nowhere";
        CHECK(Process::start(options).error().value() == ENOENT);
    }

    TEST_CASE("what may not be run") {
        ProcessOptions options;
        options.command = {"/dev/null"};
        CHECK(Process::start(options).error().value() == EACCES);
    }
}

TEST_SUITE("base/process waits") {
    TEST_CASE("until a deadline, and again") {
        auto options = shell("read line");
        options.input = Stream::pipe;
        auto process = start(options);
        CHECK_FALSE(process.wait_until(std::chrono::steady_clock::now()));
        CHECK(process);
        process.input.reset();
        CHECK(process.wait_until(soon()) == Ending{1, 0});
        CHECK_FALSE(process);
        CHECK(process.pid() == 0);
    }

    TEST_CASE("for the program alone: what it has started may go on, with its output") {
        auto options = shell("sleep 600 & echo $!");
        options.leads_group = true;
        auto process = start(options);
        CHECK(process.wait_until(soon()) == Ending{});
        char digits[16] = {};
        REQUIRE(::read(process.output.get(), digits, sizeof digits - 1) > 0);
        const pid_t left = std::stoi(digits);
        CHECK(exists(left));
        ::kill(left, SIGKILL);
        CHECK(read_all(process.output).empty());  // it held the pipe until now
    }
}

TEST_SUITE("base/process ends") {
    TEST_CASE("a program with its owner, and leaves no zombie") {
        pid_t pid = 0;
        {
            const auto process = start(shell("exec sleep 600"));
            pid = process.pid();
            CHECK(exists(pid));
        }
        CHECK_FALSE(exists(pid));
    }

    TEST_CASE("what was there before when another takes its place") {
        auto process = start(shell("exec sleep 600"));
        const auto first = process.pid();
        process = start(shell("exit 5"));
        CHECK_FALSE(exists(first));
        CHECK(process.wait() == Ending{5, 0});
    }

    TEST_CASE("a group as a whole, also after its leader has ended") {
        auto options = shell("sleep 600 & exit 0");
        options.leads_group = true;
        {
            const auto process = start(options);
            CHECK(::getpgid(process.pid()) == process.pid());
        }
        auto process = start(options);
        process.signal_group(SIGKILL);
        CHECK(read_all(process.output).empty());  // nobody holds the pipe
    }

    TEST_CASE("it when the thread that started it ends, if that is asked for") {
        auto options = shell("exec sleep 600");
        options.signal_at_our_end = SIGTERM;
        Process process;
        std::thread([&] { process = start(options); }).join();
        CHECK(process.wait() == Ending{0, SIGTERM});
    }
}

}  // namespace hermes::base
