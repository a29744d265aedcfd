#include "incoming/member_names.hpp"

#include <optional>
#include <utility>

#include "base/failure.hpp"
#include "protocol/foreign_text.hpp"

namespace hermes::wecom {

namespace {

constexpr std::chrono::hours asked_every{24};
// The database is asked again: another gateway may know by now, or a day is over.
constexpr std::chrono::hours looked_up_every{1};
constexpr std::chrono::minutes failure_pause{10};
constexpr std::size_t known_max = 10'000;
// More than that are members of a busy minute; who comes again is looked up then.
constexpr std::size_t under_way_max = 8;

// The answer is about this member, and will be the same for a while.
bool is_final(boost::system::error_code error) {
    return error == base::Failure::give_up || error == base::Failure::fix_member;
}

}  // namespace

std::string MemberNames::name_of(const AppPtr& app, const UserId& member) {
    Lookup lookup{.app = app, .member = member};
    const auto found = known_.find(lookup.key());
    auto name = found == known_.end() ? std::string() : found->second.name;
    if (found == known_.end() || loop_.now() >= found->second.look_again_at) {
        look_up(std::move(lookup));
    }
    return name;
}

void MemberNames::look_up(Lookup lookup) {
    if (under_way_ >= under_way_max) {
        return;
    }
    if (known_.size() >= known_max) {
        known_.clear();
    }
    under_way_ += 1;
    known_[lookup.key()].look_again_at = loop_.now() + failure_pause;  // not twice meanwhile
    auto fact = lookup.fact;
    facts_.load(std::move(fact), [this, lookup = std::move(lookup)](
                                     base::Result<std::optional<std::string>> name) mutable {
        if (!name) {
            fail();
        } else if (*name) {
            end(lookup, **std::move(name), looked_up_every);
        } else {
            ask(std::move(lookup));
        }
    });
}

void MemberNames::ask(Lookup lookup) {
    const auto app = lookup.app;
    const auto asker = AccessTokens::Asker::beside;
    tokens_.get(app, asker, [this, lookup = std::move(lookup)](const TokenResult& token) mutable {
        if (token.error) {
            fail();
            return;
        }
        const auto asked = lookup;
        api_.get_user(
            *asked.app, token.access_token, asked.member,
            [this, used = token.access_token,
             lookup = std::move(lookup)](ApiResult result) mutable {
                loop_.post([this, used = std::move(used), lookup = std::move(lookup),
                            result = std::move(result)] { answered(lookup, result, used); });
            });
    });
}

void MemberNames::answered(const Lookup& lookup, const ApiResult& result,
                           const base::Secret& used) {
    if (result.error == base::Failure::refresh_token) {
        tokens_.drop(*lookup.app, used);
    }
    if (result.error && !is_final(result.error)) {
        fail();
        return;
    }
    auto name = result.error ? std::string() : clean_foreign_text(result.reply.name);
    facts_.save(lookup.fact, name, wall_clock_() + asked_every);
    end(lookup, std::move(name), looked_up_every);
}

void MemberNames::end(const Lookup& lookup, std::string name, std::chrono::seconds look_again_in) {
    under_way_ -= 1;
    known_[lookup.key()] = {std::move(name), loop_.now() + look_again_in};
}

}  // namespace hermes::wecom
