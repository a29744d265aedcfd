#include "protocol/file_name.hpp"

#include <doctest/doctest.h>

#include "base/utf8.hpp"

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/file_name");

TEST_CASE("an ordinary name stays as it is") {
    for (const auto* name : {"report.pdf", "发票 2024.jpg", "a\"b'c.txt", ".profile"}) {
        CHECK(clean_file_name(name) == name);
    }
}

TEST_CASE("a name leads nowhere: no folders, no controls, no blanks around it") {
    CHECK(clean_file_name("../../etc/passwd") == ".._.._etc_passwd");
    CHECK(clean_file_name("C:\\Users\\a.txt") == "C:_Users_a.txt");
    CHECK(clean_file_name(" a\r\nb\x1b[31m.txt\x7f ") == "ab[31m.txt");
    CHECK(clean_file_name(std::string_view("a\0b", 3)) == "ab");
    for (const auto* name : {"", ".", "..", "...", " \n"}) {
        CHECK(clean_file_name(name).empty());
    }
}

TEST_CASE("three hundred Chinese letters are cut between two of them, and keep their suffix") {
    std::string name;
    for (int i = 0; i < 300; ++i) {
        name += "中";
    }
    const auto cut = clean_file_name(name + ".pdf");
    CHECK(cut.size() <= file_name_bytes_max);
    CHECK(cut.size() > file_name_bytes_max - 4);
    CHECK(base::is_utf8(cut));
    CHECK(cut.ends_with("中.pdf"));
    CHECK(base::is_utf8(clean_file_name(name)));
}

TEST_CASE("what is not UTF-8 becomes it") {
    CHECK(base::is_utf8(clean_file_name("\xb4\xed\xce\xf3.txt")));
}

TEST_CASE("the name is found in the field as WeCom and others write it") {
    CHECK(file_name_in(R"(attachment; filename="MEDIA_ID.jpg")") == "MEDIA_ID.jpg");
    CHECK(file_name_in(R"(attachment; filename="发票.jpg")") == "发票.jpg");
    CHECK(file_name_in(R"(attachment; filename=plain.txt; size=3)") == "plain.txt");
    CHECK(file_name_in(R"(attachment; FileName = "a.txt")") == "a.txt");
    CHECK(file_name_in(R"(attachment; filename="a;b\"c.txt")") == "a;b\"c.txt");
}

TEST_CASE("the encoded form comes before the plain one, wherever it stands") {
    CHECK(file_name_in("attachment; filename*=utf-8''%E5%8F%91%E7%A5%A8.jpg; filename=\"x.jpg\"") ==
          "发票.jpg");
    CHECK(file_name_in("attachment; filename=\"x.jpg\"; filename*=UTF-8'zh'a%20b.jpg") ==
          "a b.jpg");
}

TEST_CASE("an encoded form that is broken does not count") {
    for (const auto* value : {"utf-8''%E5%8F", "utf-8''%zz", "utf-8''%4", "gbk''%B4%ED", "a.jpg",
                              "utf-8'a.jpg", "utf-8''%ff%fe"}) {
        CAPTURE(value);
        CHECK(file_name_in(std::string("attachment; filename=\"x.jpg\"; filename*=") + value) ==
              "x.jpg");
    }
}

TEST_CASE("a name with folders is cleaned after it was decoded") {
    CHECK(file_name_in("attachment; filename*=utf-8''..%2F..%2Fetc%2Fpasswd") ==
          ".._.._etc_passwd");
    CHECK(file_name_in("attachment; filename=\"..\"").empty());
}

TEST_CASE("where there is no name there is none") {
    for (const auto* field : {"", "attachment", "inline;", ";;;", "=", "filename", "filename=",
                              "attachment; filename=\"", "attachment; name=\"a\"", "\"\\"}) {
        CAPTURE(field);
        CHECK(file_name_in(field).empty());
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
