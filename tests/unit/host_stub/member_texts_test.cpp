#include "output/member_texts.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>

using namespace hermes::host;
using enum Language;
using std::chrono::system_clock;

TEST_SUITE("host_stub/member_texts") {
    TEST_CASE("a member is answered in the language of the message") {
        CHECK(language_of("hello") == english);
        CHECK(language_of("请 check") == chinese);
    }

    TEST_CASE("Chinese, Japanese and Korean are recognised") {
        for (const auto* text : {"hello 你好", "かな", "한국", "\U00020000"}) {
            CAPTURE(text);
            CHECK(language_of(text) == chinese);
        }
        for (const auto* text : {"hello", "", "caf\u00e9 \U0001F600", "\xff\xfe"}) {
            CAPTURE(text);
            CHECK(language_of(text) == english);
        }
    }

    TEST_CASE("a new session says what becomes of the old turn and of what waits") {
        CHECK(new_session_text(english, RunningTurn::none, 0) == "Started a new conversation.");
        CHECK(new_session_text(english, RunningTurn::cancelled, 1) ==
              "Started a new conversation. The answer in progress was cancelled. 1 waiting message "
              "will be answered in it.");
        CHECK(new_session_text(chinese, RunningTurn::cancelled, 2) ==
              "已开始新的对话。正在进行的回答已取消。2 条等待中的消息将在新对话中回答。");
    }

    TEST_CASE("a stop says whether there was anything to stop") {
        CHECK(stop_text(english, RunningTurn::none, 0) == "Nothing is running.");
        CHECK(stop_text(english, RunningTurn::cancelled, 0) == "Stopped.");
        CHECK(stop_text(english, RunningTurn::cancelled, 2) ==
              "Stopped. 2 waiting messages come next.");
        CHECK(stop_text(chinese, RunningTurn::cancelled, 1) ==
              "已停止。接下来处理 1 条等待中的消息。");
    }

    TEST_CASE("the status says since when and how many wait") {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
        const auto since = system_clock::time_point(std::chrono::minutes(14 * 60 + 3));
        CHECK(status_text(english, {}, since) == "Nothing is running.");
        CHECK(status_text(english, {since, 0}, since + std::chrono::seconds(59)) ==
              "Working on your message since 14:03 (less than a minute).");
        CHECK(status_text(english, {since, 1}, since + std::chrono::minutes(12)) ==
              "Working on your message since 14:03 (12 min). 1 message is waiting.");
        CHECK(status_text(english, {std::nullopt, 2}, since) ==
              "Nothing is running. 2 messages are waiting.");
        CHECK(status_text(chinese, {since, 2}, since + std::chrono::minutes(3)) ==
              "自 14:03 起正在处理您的消息（3 分钟）。还有 2 条消息在等待。");
    }

    TEST_CASE("trouble is one polite line without internals") {
        CHECK(
            failure_text(english) ==
            "Sorry, something went wrong and this message got no answer. Please try again later.");
        CHECK(failure_text(chinese) == "抱歉，处理这条消息时出了问题，没能给出回答。请稍后再试。");
        CHECK(timeout_text(english) ==
              "Sorry, this took too long and was stopped. Please try again with a smaller "
              "question.");
        CHECK(timeout_text(chinese) ==
              "抱歉，这个问题处理的时间太长，已经停止。请换个小一点的问题再试。");
    }

    TEST_CASE("a notice tells how long it has taken, in the operator's words if there are any") {
        using namespace std::chrono_literals;
        CHECK(notice_text(english, {}, 59s) == "Still working on it.");
        CHECK(notice_text(chinese, {}, 59s) == "还在处理中，请稍候。");
        CHECK(notice_text(english, {}, 25min) == "Still working on it, 25 min so far.");
        CHECK(notice_text(chinese, {}, 25min) == "还在处理中，已用 25 分钟，请稍候。");
        const NoticeWords words{.chinese = "{minutes}/{minutes}", .english = "Patience"};
        CHECK(notice_text(english, words, 25min) == "Patience");
        CHECK(notice_text(chinese, words, 25min) == "25/25");
    }

    TEST_CASE("a file of one byte too many has more than the limit, also as it is written") {
        CHECK(file_too_large_text(Language::english, "a.zip", 20'000'001, 20'000'000) ==
              "a.zip (20.1 MB) is too large to be sent: the limit is 20 MB.");
    }

    TEST_CASE("a message that waits is told how many are before it") {
        CHECK(queued_text(english, 0) == "Got it, its turn comes soon.");
        CHECK(queued_text(english, 1) == "Got it: 1 message is before it.");
        CHECK(queued_text(english, 3) == "Got it: 3 messages are before it.");
        CHECK(queued_text(chinese, 0) == "已收到，马上就轮到。");
        CHECK(queued_text(chinese, 3) == "已收到，前面还有 3 条消息。");
    }
}
