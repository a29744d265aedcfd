// Keeps CommonMark from reading marks where a person reads text.
//
// CommonMark takes 2*3*4 for emphasis, [1]: https://... for a definition that is not shown, and
// eats the backslashes of \\server. It also does not end **重点：** before a Chinese character, as
// the colon is punctuation and nobody there writes a space. So what stands for itself is replaced
// before parsing, by characters that Unicode reserves for a program's own use (U+FDD0 and
// following), and put back into whatever comes out.
#pragma once

#include <string>
#include <string_view>

namespace hermes::text {

// Lines stay lines. Stand-ins that the text already contains become U+FFFD. CR LF and CR become LF.
std::string protect_literals(std::string_view markdown);

void append_restored(std::string& to, std::string_view protected_text);
std::string restored(std::string_view protected_text);

// Stands for nothing, but is a letter to CommonMark.
inline constexpr std::string_view invisible_letter = "\xef\xb7\x94";  // U+FDD4

}  // namespace hermes::text
