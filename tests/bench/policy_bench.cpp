// What the decisions cost: a whole callback from its bytes, and long texts.
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>
#include <variant>

#include "../unit/policy/signed_callback.hpp"
#include "policy/callback.hpp"
#include "policy/duplicate_key.hpp"
#include "text/markdown.hpp"
#include "text/text_split.hpp"

namespace hermes::wecom {
namespace {

using namespace hermes::text;

constexpr std::size_t message_bytes = 2048;
constexpr std::size_t megabyte = 1'000'000;

std::string repeated(std::string_view piece, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) {
        text += piece;
    }
    return text;
}

// The figure that is promised: everything between the bytes of a request and the commit, for a text
// of 100 characters, its duplicate key included.
void decide_text(benchmark::State& state, std::string_view character) {
    const Apps apps(test::three_apps());
    const auto text = repeated(character, 100 * character.size());
    const test::SignedCallback callback{.app = *apps[0],
                                        .xml = test::text_xml(*apps[0], "zhangsan", text)};
    const auto target = callback.target();
    const auto body = callback.body();
    for (auto _ : state) {
        auto decision = decide_callback({"POST", target, body}, apps, test::callback_now);
        if (!std::holds_alternative<Accept>(decision)) {
            state.SkipWithError("the callback was refused");
            break;
        }
        benchmark::DoNotOptimize(decision);
    }
}
BENCHMARK_CAPTURE(decide_text, latin, "x");
BENCHMARK_CAPTURE(decide_text, chinese, "你");

// A stranger's request must cost less than a member's.
void refuse_forged(benchmark::State& state) {
    const Apps apps(test::three_apps());
    test::SignedCallback callback{.app = *apps[0],
                                  .xml = test::text_xml(*apps[0], "zhangsan", "hello")};
    callback.msg_signature = std::string(40, '0');
    const auto target = callback.target();
    const auto body = callback.body();
    for (auto _ : state) {
        benchmark::DoNotOptimize(decide_callback({"POST", target, body}, apps, test::callback_now));
    }
}
BENCHMARK(refuse_forged);

void split_megabyte(benchmark::State& state, std::string_view piece) {
    const auto text = repeated(piece, megabyte);
    for (auto _ : state) {
        benchmark::DoNotOptimize(split_text(text, message_bytes, PartNumbers::shown));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(split_megabyte, english, "The quick brown fox jumps over the lazy dog. It did.\n")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(split_megabyte, chinese, "第一句话在这里，稍微长一点。第二句话也在这里。")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(split_megabyte, combining_marks, "\u0301")->Unit(benchmark::kMillisecond);

constexpr std::string_view section =
    "## 标题\n\n**重点：**内容 and [a link](https://example.com/a_b)\n\n- item `code`\n\n"
    "```py\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n";

void markdown_answer(benchmark::State& state) {
    const auto text = repeated(section, 4'000);
    for (auto _ : state) {
        benchmark::DoNotOptimize(markdown_to_text(text));
    }
}
BENCHMARK(markdown_answer)->Unit(benchmark::kMicrosecond);

void markdown_megabyte(benchmark::State& state) {
    const auto text = repeated(section, megabyte);
    for (auto _ : state) {
        benchmark::DoNotOptimize(markdown_parts(text, message_bytes, PartNumbers::shown));
    }
}
BENCHMARK(markdown_megabyte)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hermes::wecom

BENCHMARK_MAIN();
