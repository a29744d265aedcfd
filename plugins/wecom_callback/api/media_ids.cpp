#include "api/media_ids.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "base/failure.hpp"
#include "durable/outbox/outbox.hpp"

namespace hermes::wecom {

namespace {

// WeCom doc 90253: three days. Less, as it counts from the upload on and this from its answer.
constexpr std::chrono::hours remembered_for{3 * 24 - 1};
// What is tried for the first time takes a younger one, so that the same id is good as long as
// WeCom looks for duplicates.
constexpr std::chrono::hours begun_with_for{3 * 24 - 6};
static_assert(begun_with_for + durable::equal_memory < remembered_for);

// Ids serve all apps of a corp; each app has its own, so that none depends on another's secret.
durable::FactKey fact_of(const App& app, const durable::StoredFile& file, MediaKind kind) {
    return {"media", app.account(),
            std::string(name_of(kind)) + ':' + file.digest + ':' + file.name};
}

// As it is remembered, with when it is too old to begin with behind a blank.
struct KnownId {
    std::string media_id;
    std::int64_t begun_with_until_ms = 0;
};

std::string format_known(const KnownId& known) {
    return known.media_id + ' ' + std::to_string(known.begun_with_until_ms);
}

// Without a time, as it was kept before, it is remembered for no longer than it is begun with.
KnownId parse_known(std::string_view text) {
    const auto blank = std::min(text.find(' '), text.size());
    KnownId known{std::string(text.substr(0, blank)), std::numeric_limits<std::int64_t>::max()};
    if (blank < text.size()) {
        std::from_chars(text.data() + blank + 1, text.data() + text.size(),
                        known.begun_with_until_ms);
    }
    return known;
}

}  // namespace

// One file on its way.
struct MediaIds::Errand {
    AppPtr app;
    base::Secret access_token;
    durable::StoredFile file;
    MediaKind kind;
    Use use;
    std::optional<std::string> seen{};  // what was remembered, and is of no use
    Handler handler;
};

MediaIds::MediaIds(base::EventLoop& loop, WecomApi& api, durable::Facts& facts,
                   durable::Files& files, base::Clock clock)
    : loop_(loop), api_(api), facts_(facts), files_(files), clock_(std::move(clock)) {}

MediaIds::~MediaIds() = default;

void MediaIds::find(const AppPtr& app, const base::Secret& access_token,
                    const durable::StoredFile& file, MediaKind kind, Use use, Handler handler) {
    auto fact = fact_of(*app, file, kind);
    auto errand = std::make_unique<Errand>(
        Errand{app, access_token, file, kind, std::move(use), {}, std::move(handler)});
    facts_.load(std::move(fact), [this, errand = std::move(errand)](
                                     base::Result<std::optional<std::string>> found) mutable {
        if (found) {  // else it is uploaded, too
            errand->seen = *std::move(found);
        }
        auto known = errand->seen ? parse_known(*errand->seen) : KnownId();
        const bool is_good =
            errand->seen && known.media_id != errand->use.refused &&
            (errand->use.is_repeated || base::to_unix_ms(clock_()) < known.begun_with_until_ms);
        if (is_good) {
            ApiResult result;
            result.reply.media_id = std::move(known.media_id);
            errand->handler(std::move(result));
        } else {
            upload(std::move(errand));
        }
    });
}

// One at a time of each: whoever wants the same meanwhile waits for it.
void MediaIds::upload(std::unique_ptr<Errand> errand) {
    auto fact = fact_of(*errand->app, errand->file, errand->kind);
    auto& errands = under_way_[{fact.account, fact.key}];
    errands.push_back(std::move(errand));
    if (errands.size() > 1) {
        return;
    }
    const auto& first = *errands.front();
    WecomApi::Upload upload{.kind = first.kind,
                            .name = first.file.name,
                            .bytes = first.file.bytes,
                            .read = [this, id = first.file.id, chunk = 0](auto then) mutable {
                                files_.read(id, chunk++, std::move(then));
                            }};
    api_.upload_media(*first.app, first.access_token, std::move(upload),
                      [this, fact = std::move(fact), seen = first.seen](ApiResult result) mutable {
                          loop_.post([this, fact = std::move(fact), seen = std::move(seen),
                                      result = std::move(result)]() mutable {
                              uploaded(fact, std::move(seen), std::move(result));
                          });
                      });
}

// Of two gateways that upload the same the first one's is everybody's.
void MediaIds::uploaded(const durable::FactKey& fact, std::optional<std::string> seen,
                        ApiResult result) {
    if (result.error) {
        answer(fact, result);
        return;
    }
    const auto now = clock_();
    auto ours = format_known({result.reply.media_id, base::to_unix_ms(now + begun_with_for)});
    facts_.change(
        fact,
        [seen = std::move(seen), ours = std::move(ours)](const durable::Facts::Known& known) {
            return known.value == seen ? std::optional(ours) : std::nullopt;
        },
        now + remembered_for,
        [this, fact,
         result = std::move(result)](base::Result<std::optional<std::string>> known) mutable {
            if (known && *known) {  // else nobody else knows one either
                result.reply.media_id = parse_known(**known).media_id;
            }
            answer(fact, result);
        });
}

void MediaIds::answer(const durable::FactKey& fact, const ApiResult& result) {
    auto errands = under_way_.extract({fact.account, fact.key});
    const auto used = errands.mapped().front()->access_token;
    for (auto& errand : errands.mapped()) {
        // That a token is dead says nothing of another, younger one.
        if (result.error == base::Failure::refresh_token && errand->access_token != used) {
            upload(std::move(errand));
        } else {
            errand->handler(result);
        }
    }
}

}  // namespace hermes::wecom
