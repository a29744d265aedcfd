// The menu at the foot of an app's chat, as an operator writes it and WeCom takes it: JSON of one
// form, WeCom doc 90231.
//
//   {"button": [{"name": "Leave", "type": "click", "key": "leave"},
//               {"name": "More", "sub_button": [{"name": "Web", "type": "view", "url": "..."}]}]}
//
// One to three buttons, each with one to five below it or none. WeCom answers a mistake with a
// number for all buttons together; here each has a sentence with its place.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hermes::wecom {

struct Menu {
    std::string request;            // the body of menu/create
    std::vector<std::string> keys;  // of buttons by which a member asks the agent something: click
};

// What menu/get answers, for people: a button a line. It reads as the same menu.
std::string readable_menu(const std::string& menu);

// Also takes what menu/get answers. The alternative is what is wrong, a sentence each, beginning
// with the place, such as `button[0].sub_button[1].url`. Bounded: at most 64 KiB.
std::variant<Menu, std::vector<std::string>> read_menu(std::string_view json);

}  // namespace hermes::wecom
