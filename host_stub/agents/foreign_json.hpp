// JSON as programs write it that others have written: with a byte order mark ahead, or with half a
// character (`\ud83d` of an emoji that was cut), for which the whole of an answer is not to be
// lost. Pure.
#pragma once

#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <string_view>

namespace hermes::host {

boost::json::value parse_foreign_json(std::string_view text, boost::system::error_code& error);

}  // namespace hermes::host
