// What WeCom calls a file that a member is sent: uploads it when it is delivered, and remembers the
// media id for as long as WeCom keeps the file, so that one that goes to many, or is tried again,
// is uploaded once.
//
// The id is on disk before anybody sends it. So what is tried again, also after a crash, is the
// same request to the byte, and WeCom can tell that it has it (duplicate check, doc 90236).
//
// Lives on the delivery loop: it is called there and its handlers run there.
#pragma once

#include <memory>
#include <string>

#include "api/wecom_api.hpp"
#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "durable/facts.hpp"
#include "durable/file.hpp"
#include "durable/files.hpp"
#include "policy/app.hpp"
#include "protocol/media.hpp"

namespace hermes::wecom {

class MediaIds {
public:
    // The result is that of media/upload: ApiReply::media_id, or why there is none.
    using Handler = WecomApi::Handler;

    // Whether an id that is remembered may be used, or has just been refused.
    enum class Remembered { good, refused };

    // All references outlive the loop's last task and the API's last handler.
    MediaIds(base::EventLoop& loop, WecomApi& api, durable::Facts& facts, durable::Files& files,
             base::Clock clock);

    void find(const AppPtr& app, const base::Secret& access_token, const durable::StoredFile& file,
              MediaKind kind, Remembered remembered, Handler handler);

private:
    struct Errand;

    void upload(std::unique_ptr<Errand> errand);
    void uploaded(std::unique_ptr<Errand> errand, ApiResult result);

    base::EventLoop& loop_;
    WecomApi& api_;
    durable::Facts& facts_;
    durable::Files& files_;
    base::Clock clock_;
};

}  // namespace hermes::wecom
