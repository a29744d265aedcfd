#include "protocol/media.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/utf8.hpp"

namespace hermes::wecom {
namespace {

const std::string jpeg = "\xFF\xD8\xFF\xE0 and more";
const std::string png = "\x89PNG\r\n\x1A\n and more";

// The beginning of a file of MP4's family.
std::string of_brand(const std::string& brand) {
    return std::string("\0\0\0\x18", 4) + "ftyp" + brand + std::string(4, '\0');
}
const std::string mp4 = of_brand("isom");

// So many frames of 12.2 kbit/s, which is type 7.
std::string amr(int frames) {
    std::string content = "#!AMR\n";
    for (int n = 0; n < frames; ++n) {
        content += '\x3C' + std::string(31, 'a');
    }
    return content;
}

MediaKind goes_as(MediaKind wanted, const std::string& content, std::uint64_t bytes = 1000) {
    return fit_media(wanted, bytes, content).kind;
}

TEST_SUITE_BEGIN("protocol/media");

TEST_CASE("what fits its kind goes as that, under the suffix of its format") {
    const auto suffix = [](MediaKind wanted, const std::string& content) {
        const auto fit = fit_media(wanted, 1000, content);
        CHECK(fit.kind == wanted);
        return fit.suffix;
    };
    CHECK(suffix(MediaKind::image, jpeg) == ".jpg");
    CHECK(suffix(MediaKind::image, png) == ".png");
    CHECK(suffix(MediaKind::voice, amr(10)) == ".amr");
    CHECK(suffix(MediaKind::video, mp4) == ".mp4");
    CHECK(suffix(MediaKind::file, "anything") == "");
}

TEST_CASE("what is of another format than its kind goes as a file, also if another kind has it") {
    CHECK(goes_as(MediaKind::image, "GIF89a") == MediaKind::file);
    CHECK(goes_as(MediaKind::image, "") == MediaKind::file);
    CHECK(goes_as(MediaKind::image, mp4) == MediaKind::file);
    CHECK(goes_as(MediaKind::voice, "ID3 an mp3") == MediaKind::file);
    CHECK(goes_as(MediaKind::voice, "#!AMR-WB\nwide") == MediaKind::file);
    CHECK(goes_as(MediaKind::video, "\x1A\x45\xDF\xA3 webm") == MediaKind::file);
    CHECK(goes_as(MediaKind::file, png) == MediaKind::file);
}

TEST_CASE("of the files that begin as MP4 does, only MP4 goes as a video") {
    for (const auto* brand : {"isom", "iso6", "mp41", "mp42", "avc1", "M4V ", "dash", "MSNV"}) {
        CAPTURE(brand);
        CHECK(goes_as(MediaKind::video, of_brand(brand)) == MediaKind::video);
    }
    for (const auto* brand : {"heic", "heix", "mif1", "avif", "qt  ", "M4A ", "M4B ", "3gp4"}) {
        CAPTURE(brand);
        CHECK(goes_as(MediaKind::video, of_brand(brand)) == MediaKind::file);
    }
    CHECK(goes_as(MediaKind::video, mp4.substr(0, 11)) == MediaKind::file);
}

TEST_CASE("what is larger than its kind may be goes as a file") {
    CHECK(goes_as(MediaKind::image, png, 10'000'000) == MediaKind::image);
    CHECK(goes_as(MediaKind::image, png, 10'000'001) == MediaKind::file);
    CHECK(goes_as(MediaKind::voice, amr(1), 2'000'000) == MediaKind::voice);
    CHECK(goes_as(MediaKind::voice, amr(1), 2'000'001) == MediaKind::file);
    CHECK(goes_as(MediaKind::video, mp4, 10'000'000) == MediaKind::video);
    CHECK(goes_as(MediaKind::video, mp4, 10'000'001) == MediaKind::file);
}

TEST_CASE("a voice may last a minute") {
    CHECK(amr_seconds(amr(1)) == 1);
    CHECK(amr_seconds(amr(50)) == 1);
    CHECK(amr_seconds(amr(51)) == 2);
    CHECK(goes_as(MediaKind::voice, amr(3000)) == MediaKind::voice);
    CHECK(goes_as(MediaKind::voice, amr(3001)) == MediaKind::file);
}

TEST_CASE("all frames of AMR are counted by their own length, and none that is not whole") {
    // 4.75 kbit/s, silence, nothing to say.
    CHECK(amr_seconds("#!AMR\n\x04" + std::string(12, 'a') + '\x44' + std::string(5, 'a') +
                      '\x7C') == 1);
    CHECK(amr_seconds("#!AMR\n") == 0);
    CHECK_FALSE(amr_seconds(amr(3) + '\x3C' + "cut short"));
    CHECK_FALSE(amr_seconds("#!AMR\n\x4C of a type that there is not"));
    CHECK_FALSE(amr_seconds(""));
}

TEST_CASE("a name is no path") {
    CHECK(media_name("report.pdf", "") == "report.pdf");
    CHECK(media_name("/tmp/turn/report.pdf", "") == "report.pdf");
    CHECK(media_name("../../etc/passwd", "") == "passwd");
    CHECK(media_name("C:\\Temp\\report.pdf", "") == "report.pdf");
    for (const auto* nothing : {"", "/", "..", "...", " ", "a/", "\x01\x02", "\\"}) {
        CAPTURE(nothing);
        CHECK(media_name(nothing, "") == "file");
    }
}

TEST_CASE("a name can't end what it is quoted in, nor hide what it is") {
    CHECK(media_name("a\"; filename=\"b.txt", "") == "a'; filename='b.txt");
    CHECK(media_name("a\r\nX-Header: b\0.txt", "") == "aX-Header: b");
    CHECK(media_name("in\x7Fvoice\u0085.pdf", "") == "invoice.pdf");
    CHECK(media_name("\u202Efdp.exe", "") == "fdp.exe");
    CHECK(media_name("broken\xFF\xC3.txt", "") == "broken__.txt");
    CHECK(media_name(".hidden. ", "") == "hidden");
}

TEST_CASE("a long name keeps its suffix and no half of a character") {
    std::string letters;
    for (int n = 0; n < 300; ++n) {
        letters += "报";
    }
    const auto name = media_name(letters + ".xlsx", "");
    CHECK(name.size() <= media_name_bytes_max);
    CHECK(name.size() > media_name_bytes_max - 3);
    CHECK(name.ends_with("报.xlsx"));
    CHECK(base::is_utf8(name));
    CHECK(media_name(std::string(300, 'a') + '.' + std::string(200, 'b'), "").size() ==
          media_name_bytes_max);
}

TEST_CASE("a name ends in the suffix of what it is") {
    CHECK(media_name("chart", ".png") == "chart.png");
    CHECK(media_name("chart.PNG", ".png") == "chart.PNG");
    CHECK(media_name("photo.jpeg", ".jpg") == "photo.jpeg");
    CHECK(media_name("chart.svg", ".png") == "chart.svg.png");
    CHECK(media_name("", ".amr") == "file.amr");
    CHECK(media_name(std::string(300, 'a'), ".png").ends_with("a.png"));
    CHECK(media_name(std::string(300, 'a'), ".png").size() == media_name_bytes_max);
}

TEST_CASE("the form has one part called media, with the name as it is and the length") {
    const auto form = upload_form("报告 '1'.pdf", 1234, "b0undary");
    CHECK(form.content_type == "multipart/form-data; boundary=b0undary");
    CHECK(form.head ==
          "--b0undary\r\nContent-Disposition: form-data; name=\"media\"; filename=\"报告 "
          "'1'.pdf\"; filelength=1234\r\nContent-Type: application/octet-stream\r\n\r\n");
    CHECK(form.tail == "\r\n--b0undary--\r\n");
    for (const auto& [name, type] : {std::pair{"a.png", "image/png"},
                                     {"a.JPG", "image/jpg"},
                                     {"a.jpeg", "image/jpg"},
                                     {"a.amr", "voice/amr"},
                                     {"a.mp4", "video/mp4"},
                                     {"a", "application/octet-stream"}}) {
        CHECK(upload_form(name, 6, "b").head.find(std::string("Content-Type: ") + type + "\r\n") !=
              std::string::npos);
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
