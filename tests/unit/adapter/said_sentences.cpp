#include "said_sentences.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace hermes::test {
namespace {

struct Token {
    enum class Kind { text, word, sign, end };
    Kind kind = Kind::end;
    std::string value{};

    bool is(std::string_view sign) const { return kind == Kind::sign && value == sign; }
    bool is_word(std::string_view word) const { return kind == Kind::word && value == word; }
};

bool is_of_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

class Lexer {
public:
    explicit Lexer(std::string_view rest) : rest_(rest) {}

    std::vector<Token> run() {
        while (!rest_.empty()) {
            if (rest_.starts_with("//")) {
                skip(std::min(rest_.find('\n'), rest_.size()));
            } else if (rest_.starts_with("R\"")) {
                const auto tag = ')' + std::string(rest_.substr(2, rest_.find('(') - 2)) + '"';
                skip(tag.size() + 1);
                add(Token::Kind::text, rest_.find(tag));
                skip(tag.size());
            } else if (rest_.front() == '"' || (rest_.front() == '\'' && !is_separator())) {
                quoted(rest_.front());
            } else if (is_of_word(rest_.front())) {
                const auto end = std::ranges::find_if_not(rest_, is_of_word);
                add(Token::Kind::word, static_cast<std::size_t>(end - rest_.begin()));
            } else if (std::isspace(static_cast<unsigned char>(rest_.front())) != 0) {
                skip(1);
            } else {
                add(Token::Kind::sign, 1);
            }
        }
        return std::move(tokens_);
    }

private:
    void skip(std::size_t size) { rest_.remove_prefix(std::min(size, rest_.size())); }
    void add(Token::Kind kind, std::size_t size) {
        tokens_.push_back({kind, std::string(rest_.substr(0, size))});
        skip(size);
    }
    // Of digits: 1'000.
    bool is_separator() const {
        return !tokens_.empty() && tokens_.back().kind == Token::Kind::word &&
               std::isdigit(static_cast<unsigned char>(tokens_.back().value.front())) != 0;
    }
    void quoted(char quote) {
        std::string text;
        for (skip(1); !rest_.empty() && rest_.front() != quote; skip(1)) {
            if (rest_.front() == '\\') {
                skip(1);
                text += rest_.starts_with('n') ? '\n' : rest_.front();
            } else {
                text += rest_.front();
            }
        }
        skip(1);
        tokens_.push_back({Token::Kind::text, std::move(text)});
    }

    std::string_view rest_;
    std::vector<Token> tokens_{};
};

using Ways = std::vector<std::string>;  // that an expression may go
constexpr std::size_t ways_max = 64;

class ArgumentReader {
public:
    ArgumentReader(const std::vector<Token>& tokens, std::size_t begin)
        : tokens_(tokens), at_(begin) {}

    Ways one() { return expression(); }
    Ways all() {
        Ways ways;
        for (;;) {
            const auto argument = expression();
            ways.insert(ways.end(), argument.begin(), argument.end());
            if (!now().is(",")) {
                return ways;
            }
            ++at_;
        }
    }

private:
    const Token& now(std::size_t further = 0) const {
        static const Token end;
        return at_ + further < tokens_.size() ? tokens_[at_ + further] : end;
    }
    bool is_scope() const { return now().is(":") && now(1).is(":"); }

    // To one of these signs, or to what closes the brackets that we are in.
    void skip_to(std::string_view signs) {
        for (int depth = 0; now().kind != Token::Kind::end; ++at_) {
            if (now().kind != Token::Kind::sign) {
                continue;
            }
            const char sign = now().value.front();
            if (depth == 0 && is_scope()) {
                ++at_;
            } else if (depth == 0 && (sign == ';' || signs.find(sign) != signs.npos)) {
                return;
            } else if (std::string_view("([{").find(sign) != std::string_view::npos) {
                ++depth;
            } else if (std::string_view(")]}").find(sign) != std::string_view::npos &&
                       depth-- == 0) {
                return;
            }
        }
    }

    Ways expression() {
        const auto begin = at_;
        skip_to("?,");
        if (!now().is("?")) {
            at_ = begin;
            return sum();
        }
        ++at_;
        auto ways = expression();
        if (now().is(":")) {
            ++at_;
        }
        const auto otherwise = expression();
        ways.insert(ways.end(), otherwise.begin(), otherwise.end());
        return ways;
    }

    Ways sum() {
        auto ways = term();
        while (now().is("+")) {
            ++at_;
            Ways longer;
            for (const auto& next : term()) {
                for (const auto& way : ways) {
                    longer.push_back(way + next);
                }
            }
            longer.resize(std::min(longer.size(), ways_max));
            ways = std::move(longer);
        }
        skip_to(",:");
        return ways;
    }

    Ways term() {
        if (now().kind == Token::Kind::text) {
            std::string text;
            for (; now().kind == Token::Kind::text || now().kind == Token::Kind::word; ++at_) {
                text += now().kind == Token::Kind::text ? now().value : std::string(value_mark);
            }
            return {text};
        }
        if (now().is_word("did_you_mean")) {
            skip_to("+,?:");
            return {"", ", did you mean " + std::string(value_mark) + "?"};
        }
        if (now().is_word("std") && now(3).is_word("string") && now(4).is("(")) {
            at_ += 4;
        }
        if (now().is("(")) {
            ++at_;
            auto ways = expression();
            ++at_;
            skip_to("+,?:");
            return ways;
        }
        skip_to("+,?:");
        return {std::string(value_mark)};
    }

    const std::vector<Token>& tokens_;
    std::size_t at_;
};

bool has_two_words(const std::string& text) {
    const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
    for (auto at = text.find(' '); at != text.npos; at = text.find(' ', at + 1)) {
        if (at >= 2 && at + 2 < text.size() && letter(text[at - 1]) && letter(text[at - 2]) &&
            letter(text[at + 1]) && letter(text[at + 2])) {
            return true;
        }
    }
    return false;
}

}  // namespace

std::vector<std::string> said_sentences(std::string_view source) {
    static constexpr std::array calls{"UsageError",
                                      "runtime_error",
                                      "StoreOpenError",
                                      "NoStateYet",
                                      "StateException",
                                      "push_back",
                                      "emplace_back",
                                      "complain",
                                      "error",
                                      "problem",
                                      "say",
                                      "fail",
                                      "fetch_failed",
                                      "write",
                                      "refuse",
                                      "warn",
                                      "deferred_result",
                                      "say_aside",
                                      "tell"};
    const auto tokens = Lexer(source).run();
    std::vector<std::string> sentences;
    const auto add = [&sentences](Ways ways) {
        std::erase_if(ways, [](const std::string& way) { return !has_two_words(way); });
        sentences.insert(sentences.end(), ways.begin(), ways.end());
    };
    for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
        const auto& word = tokens[i];
        if (word.kind == Token::Kind::word && tokens[i + 1].is("(") &&
            std::ranges::find(calls, word.value) != calls.end()) {
            add(ArgumentReader(tokens, i + 2).all());
        } else if (word.is(".") && tokens[i + 1].is_word("sentence") && tokens[i + 2].is("=")) {
            add(ArgumentReader(tokens, i + 3).one());
        }
    }
    return sentences;
}

}  // namespace hermes::test
