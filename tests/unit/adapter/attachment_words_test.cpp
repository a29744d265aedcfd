#include "incoming/attachment_words.hpp"

#include <doctest/doctest.h>

#include <set>

#include "api/delivery_error.hpp"
#include "durable/media/fetcher.hpp"
#include "protocol/api_error.hpp"

namespace hermes::wecom {
namespace {

using durable::FetchError;

MessageEvent picture() {
    MessageEvent event;
    event.text = "[sent a picture]";
    event.attachments.emplace_back();
    event.attachments[0].kind = MessageKind::image;
    return event;
}

TEST_SUITE("adapter/attachment words") {
    TEST_CASE("a file that is here is told by its path, type, size and name") {
        auto event = picture();
        add_files(event, {{.path = "/media/17-1.jpg",
                           .file_name = "invoice.jpg",
                           .mime_type = "image/jpeg",
                           .size = 123}});
        CHECK(event.text == "[sent a picture]");
        CHECK(event.attachments[0].path == "/media/17-1.jpg");
        CHECK(event.attachments[0].file_name == "invoice.jpg");
        CHECK(event.attachments[0].mime_type == "image/jpeg");
        CHECK(event.attachments[0].size == 123);
        CHECK(event.details.empty());
    }

    TEST_CASE("the name that the message tells counts more than the one of the download") {
        auto event = picture();
        event.attachments[0].file_name = "as sent.pdf";
        add_files(event, {{.path = "/media/1", .file_name = "other.pdf"}});
        CHECK(event.attachments[0].file_name == "as sent.pdf");
    }

    TEST_CASE("why a file is missing stands behind the text and in the details, in two languages") {
        auto event = picture();
        add_files(event, {{.error = api_error(40007)}});
        const std::string problem =
            "the file is missing: WeCom no longer has it, since it keeps files for three days; ask "
            "for it again / 文件缺失：企业微信只保留三天，文件已失效，请重新发送";
        CHECK(event.text == "[sent a picture] [" + problem + "]");
        CHECK(event.details.at("attachments[0].problem") == problem);
        CHECK(event.attachments[0].path.empty());
        CHECK_FALSE(event.attachments[0].size);
    }

    TEST_CASE("each reason has its own sentence, and none is without one") {
        std::set<std::string> sentences;
        const std::vector<boost::system::error_code> errors{
            FetchError::too_late,    FetchError::too_large,    FetchError::empty,
            FetchError::disk_full,   FetchError::disk_trouble, api_error(40007),
            DeliveryError::file_cut, api_error(60020),         api_error(40006)};
        for (const auto& error : errors) {
            CAPTURE(error.message());
            const auto sentence = missing_file_sentence(error);
            CHECK(sentence.starts_with("the file is missing: "));
            CHECK(sentence.find(" / 文件缺失：") != std::string::npos);
            CHECK(sentences.insert(sentence).second);
        }
        CHECK(missing_file_sentence(DeliveryError::no_reply) ==
              missing_file_sentence(FetchError::too_late));
        CHECK(missing_file_sentence(api_error(830002)) ==
              missing_file_sentence(FetchError::too_large));
        CHECK(missing_file_sentence(DeliveryError::bad_credentials) ==
              missing_file_sentence(api_error(60020)));
    }

    TEST_CASE("the trace tells how large a file is, or that it is missing") {
        CHECK(in_words({}).empty());
        CHECK(in_words({{.path = "/media/1", .size = 123}}) == ", with a file of 123 bytes");
        CHECK(in_words({{.error = FetchError::too_late}}) ==
              ", without its file: it did not come in time");
    }
}

}  // namespace
}  // namespace hermes::wecom
