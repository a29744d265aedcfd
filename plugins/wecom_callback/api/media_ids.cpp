#include "api/media_ids.hpp"

#include <utility>

#include "api/delivery_error.hpp"

namespace hermes::wecom {

namespace {

// WeCom doc 90253: three days. Less, so that what is tried again within the hours in which WeCom
// looks for duplicates is tried with the same id.
constexpr std::chrono::hours remembered_for{3 * 24 - 6};

// Ids serve all apps of a corp; each app has its own, so that none depends on another's secret.
durable::FactKey fact_of(const App& app, const durable::StoredFile& file, MediaKind kind) {
    return {"media", app.account(),
            std::string(name_of(kind)) + ':' + file.digest + ':' + file.name};
}

}  // namespace

// One file on its way.
struct MediaIds::Errand {
    AppPtr app;
    base::Secret access_token;
    durable::StoredFile file;
    MediaKind kind;
    Handler handler;
};

MediaIds::MediaIds(base::EventLoop& loop, WecomApi& api, durable::Facts& facts,
                   durable::Files& files, base::Clock clock)
    : loop_(loop), api_(api), facts_(facts), files_(files), clock_(std::move(clock)) {}

void MediaIds::find(const AppPtr& app, const base::Secret& access_token,
                    const durable::StoredFile& file, MediaKind kind, Remembered remembered,
                    Handler handler) {
    auto fact = fact_of(*app, file, kind);
    auto errand =
        std::make_unique<Errand>(Errand{app, access_token, file, kind, std::move(handler)});
    if (remembered == Remembered::refused) {
        upload(std::move(errand));
        return;
    }
    facts_.load(std::move(fact), [this, errand = std::move(errand)](
                                     base::Result<std::optional<std::string>> media_id) mutable {
        if (media_id && *media_id) {
            ApiResult known;
            known.reply.media_id = std::move(**media_id);
            errand->handler(std::move(known));
        } else {
            upload(std::move(errand));  // also if it can't be read
        }
    });
}

void MediaIds::upload(std::unique_ptr<Errand> errand) {
    const auto& on_its_way = *errand;
    WecomApi::Upload upload{.kind = on_its_way.kind,
                            .name = on_its_way.file.name,
                            .bytes = on_its_way.file.bytes,
                            .read = [this, id = on_its_way.file.id, chunk = 0](auto then) mutable {
                                files_.read(id, chunk++, std::move(then));
                            }};
    api_.upload_media(
        *on_its_way.app, on_its_way.access_token, std::move(upload),
        [this, errand = std::move(errand)](ApiResult result) mutable {
            loop_.post([this, errand = std::move(errand), result = std::move(result)]() mutable {
                uploaded(std::move(errand), std::move(result));
            });
        });
}

void MediaIds::uploaded(std::unique_ptr<Errand> errand, ApiResult result) {
    if (result.error) {
        errand->handler(std::move(result));
        return;
    }
    auto fact = fact_of(*errand->app, errand->file, errand->kind);
    auto media_id = result.reply.media_id;
    facts_.save(std::move(fact), std::move(media_id), clock_() + remembered_for,
                [result = std::move(result), errand = std::move(errand)](
                    boost::system::error_code) mutable { errand->handler(std::move(result)); });
}

}  // namespace hermes::wecom
