#include "protocol/menu.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <span>
#include <utility>

namespace hermes::wecom {
namespace {

namespace json = boost::json;

constexpr std::size_t file_bytes_max = std::size_t{64} * 1024;

// WeCom doc 90231.
constexpr std::size_t buttons_max = 3;
constexpr std::size_t sub_buttons_max = 5;
constexpr std::size_t name_bytes_max = 16;
constexpr std::size_t sub_name_bytes_max = 40;
constexpr std::size_t key_bytes_max = 128;
constexpr std::size_t url_bytes_max = 1024;

// What a button of each type must have.
constexpr std::array<std::string_view, 1> needs_key{"key"};
constexpr std::array<std::string_view, 1> needs_url{"url"};
constexpr std::array<std::string_view, 2> needs_program{"appid", "pagepath"};

struct Type {
    std::string_view name;
    std::span<const std::string_view> needs;
};
constexpr std::array types{Type{"click", needs_key},
                           Type{"view", needs_url},
                           Type{"scancode_push", needs_key},
                           Type{"scancode_waitmsg", needs_key},
                           Type{"pic_sysphoto", needs_key},
                           Type{"pic_photo_or_album", needs_key},
                           Type{"pic_weixin", needs_key},
                           Type{"location_select", needs_key},
                           Type{"view_miniprogram", needs_program}};

std::string type_names() {
    std::string names;
    for (const auto& type : types) {
        names += (names.empty() ? "" : ", ") + std::string(type.name);
    }
    return names;
}

class MenuReader {
public:
    std::variant<Menu, std::vector<std::string>> read(std::string_view text) {
        if (text.size() > file_bytes_max) {
            return refusal("has more than 64 KiB");
        }
        boost::system::error_code error;
        auto document = json::parse(text, error);
        if (error) {
            return refusal("is not JSON: " + error.message());
        }
        auto* menu = document.if_object();
        if (menu == nullptr || !menu->contains("button")) {
            return refusal(R"(must be {"button": [...]})");
        }
        read_menu(*menu);
        if (!problems_.empty()) {
            return std::move(problems_);
        }
        const json::object request{{"button", std::move(menu->at("button"))}};
        return Menu{json::serialize(request), std::move(keys_)};
    }

private:
    static std::vector<std::string> refusal(const std::string& sentence) {
        return {"the menu " + sentence};
    }

    void problem(const std::string& place, std::string_view sentence) {
        problems_.push_back(place + ' ' + std::string(sentence));
    }

    void read_menu(const json::object& menu) {
        for (const auto& [name, value] : menu) {
            // The last two are of menu/get's answer.
            if (name != "button" && name != "errcode" && name != "errmsg") {
                problem(std::string(name), "is nothing that a menu has");
            }
        }
        read_list("", menu, "button", buttons_max,
                  [this](const auto& place, const auto& button) { read_button(place, button); });
    }

    template <typename Read>
    void read_list(const std::string& before, const json::object& object, const char* key,
                   std::size_t most, Read read) {
        const auto place = before + key;
        const auto* list = object.at(key).if_array();
        if (list == nullptr || list->empty() || list->size() > most) {
            problem(place, "must be a list of 1 to " + std::to_string(most) + " buttons");
            return;
        }
        for (std::size_t i = 0; i < list->size(); ++i) {
            const auto at = place + '[' + std::to_string(i) + ']';
            if (const auto* button = (*list)[i].if_object()) {
                read(at + '.', *button);
            } else {
                problem(at,
                        R"(must be a button, as {"name": "...", "type": "click", "key": "..."})");
            }
        }
    }

    // A list of none below it is what menu/get answers for a button that has no such list.
    static bool opens_others(const json::object& button) {
        const auto* below = button.if_contains("sub_button");
        return below != nullptr && (!below->is_array() || !below->get_array().empty());
    }

    void read_button(const std::string& place, const json::object& button) {
        if (!opens_others(button)) {
            read_leaf(place, button, name_bytes_max);
            return;
        }
        read_text(place, button, "name", name_bytes_max);
        refuse_others(place, button, {"name", "sub_button"});
        read_list(place, button, "sub_button", sub_buttons_max,
                  [this](const auto& below, const auto& leaf) {
                      if (opens_others(leaf)) {
                          problem(below + "sub_button", "is too deep: a menu has two levels");
                      } else {
                          read_leaf(below, leaf, sub_name_bytes_max);
                      }
                  });
    }

    void read_leaf(const std::string& place, const json::object& button, std::size_t name_max) {
        read_text(place, button, "name", name_max);
        const auto name = read_text(place, button, "type", key_bytes_max);
        const auto* type = std::ranges::find(types, name, &Type::name);
        if (type == types.end()) {
            if (!name.empty()) {
                problem(place + "type", "is `" + name + "`: write one of " + type_names());
            }
            return;
        }
        std::vector<std::string_view> known{"name", "type", "sub_button"};
        for (const auto need : type->needs) {
            known.push_back(need);
            const auto text =
                read_text(place, button, need, need == "key" ? key_bytes_max : url_bytes_max);
            if (need == "url" && !text.empty() && !text.starts_with("https://") &&
                !text.starts_with("http://")) {
                problem(place + "url", "must begin with https:// or http://");
            }
            if (name == "click" && !text.empty()) {
                keys_.push_back(text);
            }
        }
        refuse_others(place, button, known);
    }

    std::string read_text(const std::string& place, const json::object& button,
                          std::string_view key, std::size_t most) {
        const auto at = place + std::string(key);
        const auto* value = button.if_contains(key);
        const auto* text = value == nullptr ? nullptr : value->if_string();
        if (text == nullptr || text->empty()) {
            problem(at, value == nullptr || text != nullptr ? "is missing" : "must be a text");
            return {};
        }
        if (text->size() > most) {
            problem(at, "has " + std::to_string(text->size()) + " bytes, and WeCom takes " +
                            std::to_string(most) + " (a Chinese character has 3)");
        }
        return std::string(*text);
    }

    void refuse_others(const std::string& place, const json::object& button,
                       const std::vector<std::string_view>& known) {
        for (const auto& [name, value] : button) {
            if (std::ranges::find(known, std::string_view(name)) == known.end()) {
                problem(place + std::string(name), "is nothing that such a button has");
            }
        }
    }

    std::vector<std::string> problems_;
    std::vector<std::string> keys_;
};

// Buttons a line each, indented; all else as short as it is.
void write_readable(const json::value& value, const std::string& indent, std::string& text) {
    if (const auto* list = value.if_array(); list != nullptr && !list->empty()) {
        const auto deeper = indent + "  ";
        text += '[';
        for (const auto& item : *list) {
            text += (&item == list->begin() ? "\n" : ",\n") + deeper;
            write_readable(item, deeper, text);
        }
        text += '\n' + indent + ']';
    } else if (const auto* object = value.if_object()) {
        std::string_view separator;
        text += '{';
        for (const auto& [name, member] : *object) {
            text += std::string(separator) + json::serialize(name) + ": ";
            write_readable(member, indent, text);
            separator = ", ";
        }
        text += '}';
    } else {
        text += json::serialize(value);
    }
}

}  // namespace

std::string readable_menu(const std::string& menu) {
    std::string text;
    write_readable(json::parse(menu), "", text);
    return text;
}

std::variant<Menu, std::vector<std::string>> read_menu(std::string_view json) {
    return MenuReader().read(json);
}

}  // namespace hermes::wecom
