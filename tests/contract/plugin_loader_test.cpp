#include "loader/plugin_loader.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "support/temp_directory.hpp"

using namespace hermes::host;
namespace fs = std::filesystem;

namespace {

const std::string host_tag = HERMES_ABI_TAG;
const auto descriptor_bytes = sizeof(hermes::PluginDescriptor);

// A plugins folder to which single libraries are added.
class Folder {
public:
    void add_bad(const std::string& name) const {
        add(fs::path(HERMES_BAD_PLUGINS) / ("lib" + name + ".so"));
    }
    void add(const fs::path& library) const {
        fs::create_symlink(library, path() / library.filename());
    }
    void write(const std::string& name, std::string_view text) const {
        std::ofstream(path() / name) << text;
    }
    const fs::path& path() const { return directory_.path(); }

private:
    hermes::test::TempDirectory directory_{};
};

// The one line that loading a bad plugin gives.
std::string refusal_of(const std::string& name) {
    const Folder folder;
    folder.add_bad(name);
    const auto loaded = load_plugins(folder.path());
    CHECK(loaded.plugins.empty());
    REQUIRE(loaded.problems.size() == 1);
    return loaded.problems.front();
}

}  // namespace

TEST_SUITE("host_stub/plugin_loader") {
    TEST_CASE("every library of the folder is opened, by file name") {
        const Folder folder;
        folder.add(HERMES_ECHO_PLATFORM);
        folder.add_bad("none");
        folder.write("README.txt", "not a library");
        const auto loaded = load_plugins(folder.path());
        CHECK(loaded.problems.empty());
        REQUIRE(loaded.plugins.size() == 2);
        CHECK(loaded.plugins[0].name() == "echo_platform");
        CHECK(loaded.plugins[1].name() == "minimal");
        CHECK(loaded.find("minimal") == &loaded.plugins[1]);
        CHECK(loaded.find("wecom") == nullptr);
        CHECK(loaded.plugins[0].file().is_absolute());
    }

    TEST_CASE("a plugin that can't be used leaves the others in place") {
        const Folder folder;
        folder.add(HERMES_ECHO_PLATFORM);
        folder.write("libtext.so", "hello");
        folder.add_bad("no_symbol");
        const auto loaded = load_plugins(folder.path());
        CHECK(loaded.plugins.size() == 1);
        CHECK(loaded.problems.size() == 2);
    }

    TEST_CASE("a folder can be relative") {
        const Folder folder;
        folder.add(HERMES_ECHO_PLATFORM);
        const auto before = fs::current_path();
        fs::current_path(folder.path().parent_path());
        const auto loaded = load_plugins(folder.path().filename());
        fs::current_path(before);
        CHECK(loaded.plugins.size() == 1);
    }
}

TEST_SUITE("host_stub/plugin_loader refuses with one line") {
    TEST_CASE("a text file") {
        const Folder folder;
        folder.write("libtext.so",
                     "hello, I am a text file and longer than an ELF header, which "
                     "has sixty-four bytes");
        CHECK(load_plugins(folder.path()).problems ==
              std::vector<std::string>{"libtext.so cannot be loaded: invalid ELF header"});
        folder.write("libtext.so", "short");
        CHECK(load_plugins(folder.path()).problems ==
              std::vector<std::string>{"libtext.so cannot be loaded: file too short"});
    }

    TEST_CASE("a library of which only a part has been copied") {
        std::ostringstream bytes;
        bytes << std::ifstream(HERMES_ECHO_PLATFORM, std::ios::binary).rdbuf();
        const auto whole = bytes.str();
        for (const auto size : {whole.size() - 1, whole.size() / 2, whole.size() / 10}) {
            const Folder folder;
            folder.write("libhalf.so", whole.substr(0, size));
            CHECK(load_plugins(folder.path()).problems ==
                  std::vector<std::string>{"libhalf.so is cut short: copy it again"});
        }
    }

    TEST_CASE("a library that exports no descriptor") {
        CHECK(refusal_of("no_symbol") ==
              "libno_symbol.so exports no hermes_plugin: it is not a platform plugin");
    }

    TEST_CASE("a library that calls what nobody has") {
        CHECK(refusal_of("missing_symbol") ==
              "libmissing_symbol.so cannot be loaded: undefined symbol: nobody_has_this");
    }

    TEST_CASE("a library that needs one which is not there") {
        CHECK(refusal_of("missing_library") ==
              "libmissing_library.so cannot be loaded: libgone.so: cannot open shared object file: "
              "No such file or directory");
    }

    TEST_CASE("another version of the interface, with both numbers") {
        CHECK(refusal_of("wrong_version") == "libwrong_version.so is made for plugin API " +
                                                 std::to_string(hermes::plugin_api_version + 1) +
                                                 ", this host has " +
                                                 std::to_string(hermes::plugin_api_version) +
                                                 ": rebuild the plugin with this host's headers");
    }

    TEST_CASE("another size of the descriptor") {
        CHECK(refusal_of("wrong_size") ==
              "libwrong_size.so has a descriptor of " + std::to_string(descriptor_bytes + 8) +
                  " bytes, this host's has " + std::to_string(descriptor_bytes) +
                  ": rebuild the plugin with this host's headers");
    }

    TEST_CASE("another ABI, with both tags") {
        CHECK(refusal_of("wrong_tag") ==
              "libwrong_tag.so is built for \"libc++ abi=1\", this host for \"" + host_tag +
                  "\": rebuild the plugin with the host's compiler");
        CHECK(refusal_of("no_tag") == "libno_tag.so is built for \"nothing\", this host for \"" +
                                          host_tag +
                                          "\": rebuild the plugin with the host's compiler");
    }

    TEST_CASE("a name that can't be a platform's") {
        CHECK(refusal_of("bad_name") ==
              "libbad_name.so names its platform \"Bad Name\": a name is a-z, 0-9 and _");
    }

    TEST_CASE("a descriptor with holes") {
        CHECK(refusal_of("no_factory") ==
              "libno_factory.so has an incomplete descriptor: only settings, entry_list and "
              "extension may be null");
    }

    TEST_CASE("the second of two plugins for one platform") {
        const Folder folder;
        folder.add_bad("none");
        folder.add_bad("same_name");
        const auto loaded = load_plugins(folder.path());
        CHECK(loaded.plugins.size() == 1);
        CHECK(loaded.problems ==
              std::vector<std::string>{"libsame_name.so is the platform minimal, as libnone.so is "
                                       "already: remove one of them"});
    }

    TEST_CASE("a folder that is not there") {
        CHECK(load_plugins("/nowhere/plugins").problems ==
              std::vector<std::string>{
                  "plugins_dir: /nowhere/plugins cannot be read: No such file or directory"});
    }
}
