// What WeCom calls a file that a member is sent: uploads it when it is delivered, and remembers the
// media id for as long as WeCom keeps the file, so that one that goes to many, also at once, or is
// tried again, is uploaded once.
//
// The id is on disk before anybody sends it, and is not replaced while it is good. So what is tried
// again, also after a crash, is the same request to the byte, and WeCom can tell that it has it
// (duplicate check, doc 90236).
//
// Lives on the delivery loop: it is called there and its handlers run there.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/wecom_api.hpp"
#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "durable/facts/facts.hpp"
#include "durable/files/file.hpp"
#include "durable/files/files.hpp"
#include "policy/app.hpp"
#include "protocol/media.hpp"

namespace hermes::wecom {

class MediaIds {
public:
    // The result is that of media/upload: ApiReply::media_id, or why there is none.
    using Handler = WecomApi::Handler;

    // What for: something that may have come through is tried again by the id that it had, for
    // which another one would be too old.
    struct Use {
        bool is_repeated = false;
        std::string refused{};  // the id that WeCom did not take; empty: none
    };

    // All references outlive the loop's last task and the API's last handler.
    MediaIds(base::EventLoop& loop, WecomApi& api, durable::Facts& facts, durable::Files& files,
             base::Clock clock);
    ~MediaIds();
    MediaIds(const MediaIds&) = delete;
    MediaIds& operator=(const MediaIds&) = delete;

    void find(const AppPtr& app, const base::Secret& access_token, const durable::StoredFile& file,
              MediaKind kind, Use use, Handler handler);

private:
    struct Errand;

    void upload(std::unique_ptr<Errand> errand);
    void uploaded(const durable::FactKey& fact, std::optional<std::string> seen, ApiResult result);
    void answer(const durable::FactKey& fact, const ApiResult& result);

    base::EventLoop& loop_;
    WecomApi& api_;
    durable::Facts& facts_;
    durable::Files& files_;
    base::Clock clock_;
    // Who waits for an upload, by account and key of its fact.
    std::map<std::pair<std::string, std::string>, std::vector<std::unique_ptr<Errand>>> under_way_;
};

}  // namespace hermes::wecom
