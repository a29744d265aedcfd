// The heads of requests and responses, byte for byte.
#include <doctest/doctest.h>

#include <string>

#include "http/http_head.hpp"

using namespace hermes::http;

TEST_SUITE("support/http_head") {
    TEST_CASE("the Date field reads as RFC 9110 shows it, and follows the clock") {
        DateText date;
        CHECK(date.at(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
        CHECK(date.at(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
        CHECK(date.at(1709164800) == "Thu, 29 Feb 2024 00:00:00 GMT");
    }

    TEST_CASE("a response head has status, date, type, length and the handler's fields") {
        HttpResponse response;
        response.status = 503;
        response.content_type = "application/json";
        response.body = "{}";
        response.headers.emplace_back("Retry-After", "5");
        std::string head;
        append_response_head(head, response, AfterResponse::keep_alive, "now");
        CHECK(head ==
              "HTTP/1.1 503 Service Unavailable\r\nDate: now\r\nContent-Type: application/json\r\n"
              "Content-Length: 2\r\nRetry-After: 5\r\n\r\n");
    }

    TEST_CASE("a request head has target, host, fields and length") {
        HttpClientRequest request;
        request.method = "POST";
        request.body = "abc";
        request.headers.emplace_back("Content-Type", "text/plain");
        std::string head;
        append_request_head(head, request, "/x?y=z", "host:1");
        CHECK(head ==
              "POST /x?y=z HTTP/1.1\r\nHost: host:1\r\nContent-Type: text/plain\r\n"
              "Content-Length: 3\r\n\r\n");
    }

    TEST_CASE("a line break in a request's field can't add a field") {
        HttpClientRequest request;
        request.headers.emplace_back("X-Name", "a\r\nHost: evil");
        std::string head;
        append_request_head(head, request, "/", "host");
        CHECK(head == "GET / HTTP/1.1\r\nHost: host\r\nX-Name: a  Host: evil\r\n\r\n");
    }
}
