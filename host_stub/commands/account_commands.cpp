#include <iostream>

#include "commands/command_host.hpp"
#include "commands/commands.hpp"
#include "commands/say.hpp"
#include "config/text_file.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/menu.hpp"
#include "hermes/ext/recall.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"

namespace hermes::host {
namespace {

// An extension of the chosen platform, and what it is called with.
template <typename Extension>
class Offered {
public:
    Offered(const AccountSource& source, const char* what)
        : setup_(require_setup(source.config)),
          log_(make_quiet_log(setup_)),
          platform_(choose_platform(setup_, source.platform)),
          host_(make_command_host(setup_, platform_, *log_)),
          extension_(extension_of<Extension>(platform_.plugin->descriptor())) {
        report_warnings(setup_);
        if (extension_ == nullptr) {
            throw UsageError(platform_.plugin->name() + " has no " + what);
        }
    }

    const Extension* operator->() const { return extension_; }
    const Translator& words() const noexcept { return setup_.words; }
    AdapterContext context() const { return {*host_, platform_.settings, AdapterMode::send_only}; }

private:
    const Setup setup_;
    const std::unique_ptr<Log> log_;
    const ConfiguredPlatform& platform_;
    const std::unique_ptr<PlatformHost> host_;
    const Extension* const extension_;
};

}  // namespace

int set_menu(const AccountSource& source, const std::filesystem::path& file) {
    const auto text = read_or_usage_error([&] { return read_text_file(file); });
    const Offered<EditMenu> menu(source, "menus");
    for (const auto& remark : menu->set(menu.context(), source.account, text)) {
        say_aside(menu.words(), "note: " + one_line(remark));
    }
    say(menu.words(), "the menu is set; members see it when they open the app again");
    return exit_ok;
}

int show_menu(const AccountSource& source) {
    const Offered<EditMenu> menu(source, "menus");
    const auto shown = menu->show(menu.context(), source.account);
    if (!shown) {
        say_aside(menu.words(), "there is no menu");
        return exit_failure;
    }
    std::cout << *shown << '\n';
    return exit_ok;
}

int remove_menu(const AccountSource& source) {
    const Offered<EditMenu> menu(source, "menus");
    menu->remove(menu.context(), source.account);
    say(menu.words(), "the menu is removed");
    return exit_ok;
}

int recall_message(const AccountSource& source, const std::string& message_id) {
    const Offered<RecallMessage> taking_back(source, "way to take messages back");
    const auto parts = taking_back->recall(taking_back.context(), source.account, message_id);
    say(taking_back.words(),
        parts > 1 ? "taken back, " + std::to_string(parts) + " parts" : "taken back");
    return exit_ok;
}

}  // namespace hermes::host
