// A first look at XML that strangers send, before a parser that trusts its input gets it.
//
// RapidXML recurses for every open element, skips what it does not know, expands `&#0;` and lets
// quotes be part of a name. So this scanner, which neither recurses nor allocates, admits only what
// both read in the same way: elements with plain names and attributes, text with sound references,
// CDATA sections and comments, inside the limits of xml.hpp. Closing names are left to RapidXML.
#pragma once

#include <string_view>

#include "protocol/callback_error.hpp"

namespace hermes::wecom {

// No error, not_xml or forbidden_xml. `document` begins after a byte order mark.
boost::system::error_code scan_xml(std::string_view document) noexcept;

}  // namespace hermes::wecom
