// Files of events: fetched, tried again, given up, found again after a restart, removed.
#include "durable/media/incoming_files.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>
#include <sys/stat.h>

#include <fstream>

#include "base/failure.hpp"
#include "durable/database/state_error.hpp"
#include "durable/inbox/inbox_rows.hpp"
#include "integration/durable/incoming_files_rig.hpp"
#include "support/small_disk.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using durable::Fetcher;
using durable::FetchError;
using durable::IncomingFilesOptions;
using Next = Fetcher::Next;

const boost::system::error_code passing = durable::StateError::unreachable;
const boost::system::error_code hopeless = durable::StateError::refused;

// Makes a file older than it is.
void age(const std::string& path, std::chrono::hours by) {
    std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) - by);
}

int mode_of(const std::string& path) {
    struct stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    return static_cast<int>(found.st_mode & 0777);
}

TEST_SUITE("durable/incoming files") {
    TEST_CASE("a file is written in pieces, under a name of ours, for this user alone") {
        SqlitePlace place;
        IncomingFilesRig rig(place);
        rig.gather(with_files(17), {"media-1"});
        auto asked = rig.asked();
        REQUIRE(asked);
        CHECK(asked->request.account == hr);
        CHECK(asked->request.reference == "media-1");
        CHECK(asked->request.bytes_max == 100'000'000);
        CHECK(asked->request.time == 40s);
        CHECK(asked->give("one, ") == Next::go_on);
        CHECK(asked->give("two") == Next::go_on);
        CHECK(rig.names().size() == 1);
        CHECK(rig.names()[0].ends_with(".part"));
        asked->done(
            {.file_name = "../photo of me.JPG", .mime_type = "image/jpeg", .suffix = "jpg"});
        const auto event = rig.ready();
        REQUIRE(event);
        CHECK(event->seq == 17);
        REQUIRE(event->files.size() == 1);
        const auto& file = event->files[0];
        CHECK_FALSE(file.error);
        CHECK(file.path.starts_with(rig.folder() + "/17-"));
        CHECK(file.path.ends_with(".jpg"));
        CHECK(content(file.path) == "one, two");
        CHECK(file.size == 8);
        CHECK(file.file_name == "../photo of me.JPG");
        CHECK(file.mime_type == "image/jpeg");
        CHECK(mode_of(file.path) == 0600);
        CHECK(mode_of(rig.folder()) == 0700);
        CHECK(rig.names().size() == 1);
    }

    TEST_CASE("a suffix that is none becomes bin") {
        SqlitePlace place;
        IncomingFilesRig rig(place);
        for (const auto* suffix : {"", "JPG", "a/b", "..", "ninechars", "a b"}) {
            CAPTURE(suffix);
            rig.gather(with_files(1), {suffix});
            rig.asked()->succeed("x", {.suffix = suffix});
            CHECK(rig.ready()->files[0].path.ends_with(".bin"));
        }
    }

    TEST_CASE("an event waits for all of its files, and one without any does not wait") {
        SqlitePlace place;
        IncomingFilesRig rig(place);
        rig.gather(with_files(1), {"a", "b"});
        auto first = rig.asked();
        auto second = rig.asked();
        REQUIRE((first && second));
        second->succeed("of " + second->request.reference);
        CHECK(rig.ready_already() == 0);
        first->succeed("of " + first->request.reference);
        const auto event = rig.ready();
        REQUIRE(event);
        CHECK(content(event->files[0].path) == "of a");
        CHECK(content(event->files[1].path) == "of b");

        rig.gather(with_files(2), {});
        CHECK(rig.ready()->seq == 2);
    }

    TEST_CASE("what passes is tried again, from the beginning, with growing waits") {
        SqlitePlace place;
        IncomingFilesRig rig(place);
        rig.gather(with_files(1), {"a"});
        auto asked = rig.asked();
        asked->give("half of");
        asked->fail(passing);
        rig.settle_down();
        CHECK(rig.names().empty());
        rig.pass(1s);
        asked = rig.asked();
        REQUIRE(asked);
        asked->fail(passing);
        CHECK(rig.asked_already() == 0);
        rig.pass(2s);
        asked = rig.asked();
        REQUIRE(asked);
        CHECK(asked->request.time == 38s);  // two thirds of what is left
        asked->succeed("the whole");
        const auto event = rig.ready();
        REQUIRE(event);
        CHECK(content(event->files[0].path) == "the whole");
    }

    TEST_CASE("what can never work is not tried again, and is told") {
        SqlitePlace place;
        IncomingFilesRig rig(place);
        rig.gather(with_files(1), {"a"});
        rig.asked()->fail(hopeless, "it was never there");
        const auto event = rig.ready();
        REQUIRE(event);
        CHECK(event->files[0].error == hopeless);
        CHECK(event->files[0].sentence == "it was never there");
        CHECK(event->files[0].path.empty());
        CHECK(rig.names().empty());
    }

    TEST_CASE("an empty file is none") {
        SqlitePlace place;
        IncomingFilesRig rig(place);
        rig.gather(with_files(1), {"a"});
        rig.asked()->done({.suffix = "jpg"});
        CHECK(rig.ready()->files[0].error == FetchError::empty);
        CHECK(rig.names().empty());
    }

    TEST_CASE("when its time is over the event goes without, and what still comes is refused") {
        SqlitePlace place;
        IncomingFilesRig rig(place);
        rig.gather(with_files(1), {"a", "b"});
        auto slow = rig.asked();
        auto quick = rig.asked();
        REQUIRE((slow && quick));
        quick->succeed("here");
        CHECK(slow->give("a piece") == Next::go_on);
        CHECK(rig.ready_already() == 0);
        rig.pass(60s);
        const auto event = rig.ready();
        REQUIRE(event);
        const auto& files = event->files;
        CHECK(files[slow->request.reference == "a" ? 0 : 1].error == FetchError::too_late);
        CHECK_FALSE(files[slow->request.reference == "a" ? 1 : 0].error);
        CHECK(slow->give("another") == Next::give_up);
        slow->fail(passing);
        rig.settle_down();
        CHECK(rig.names().size() == 1);
        CHECK(rig.asked_already() == 0);
    }

    TEST_CASE("what failed to the end is told by its last failure") {
        SqlitePlace place;
        IncomingFilesRig rig(place, {.wait = 3s});
        rig.gather(with_files(1), {"a"});
        rig.asked()->fail(passing, "no way there");
        rig.settle_down();
        rig.pass(3s);
        const auto event = rig.ready();
        REQUIRE(event);
        CHECK(event->files[0].error == passing);
        CHECK(event->files[0].sentence == "no way there");
    }

    TEST_CASE("a file that is whole too late is there when the event comes again") {
        SqlitePlace place;
        IncomingFilesRig rig(place);
        rig.gather(with_files(1), {"a"});
        auto asked = rig.asked();
        asked->give("all of it");
        rig.pass(60s);
        CHECK(rig.ready()->files[0].error == FetchError::too_late);
        asked->done({.suffix = "jpg"});
        rig.settle_down();
        flush(rig.store());
        rig.gather(with_files(1), {"a"});
        CHECK(content(rig.ready()->files[0].path) == "all of it");
    }

    TEST_CASE("a bounded number is fetched at a time, and no account takes it all") {
        SqlitePlace place;
        IncomingFilesRig rig(place, {.at_once = 3, .at_once_account = 2});
        for (std::int64_t seq = 1; seq <= 4; ++seq) {
            rig.gather(with_files(seq), {"of hr"});
        }
        rig.gather(with_files(5, sales), {"of sales"});
        rig.gather(with_files(6, it), {"of it"});
        CHECK(rig.asked_already() == 3);
        auto first = rig.asked();
        auto second = rig.asked();
        auto third = rig.asked();
        CHECK(first->request.account == hr);
        CHECK(second->request.account == hr);
        CHECK(third->request.account == sales);
        first->succeed("x");
        auto fourth = rig.asked();
        REQUIRE(fourth);
        CHECK(fourth->request.account == hr);  // the one that has waited longest and may go
        third->succeed("x");
        CHECK(rig.asked()->request.account == it);
    }

    TEST_CASE("after a restart what is whole is used, and what was begun is begun anew") {
        on_each_database([](Place& place) {
            IncomingFilesRig rig(place);
            rig.gather(with_files(1), {"whole", "begun"});
            auto first = rig.asked();
            auto second = rig.asked();
            auto& whole = first->request.reference == "whole" ? *first : *second;
            auto& begun = first->request.reference == "whole" ? *second : *first;
            whole.succeed(
                "all",
                {.file_name = "name\nof two lines", .mime_type = "image/png", .suffix = "png"});
            begun.give("some");
            rig.settle_down();
            flush(rig.store());
            begun.fail(passing);
            rig.restart();
            rig.gather(with_files(1), {"whole", "begun"});
            auto again = rig.asked();
            REQUIRE(again);
            CHECK(again->request.reference == "begun");
            again->succeed("everything");
            const auto event = rig.ready();
            REQUIRE(event);
            CHECK(content(event->files[0].path) == "all");
            CHECK(event->files[0].mime_type == "image/png");
            CHECK(event->files[0].size == 3);
            CHECK(content(event->files[1].path) == "everything");
            CHECK(rig.asked_already() == 0);
            CHECK(rig.names().size() == 2);
        });
    }

    TEST_CASE("a file that was cut, removed or replaced by a link meanwhile is fetched again") {
        SqlitePlace place;
        IncomingFilesRig rig(place);
        const auto spoil = {
            +[](const std::string& path) { std::filesystem::resize_file(path, 1); },
            +[](const std::string& path) { std::filesystem::remove(path); },
            +[](const std::string& path) {
                std::filesystem::remove(path);
                std::filesystem::create_symlink("/etc/passwd", path);
            },
        };
        std::int64_t seq = 0;
        for (const auto& how : spoil) {
            rig.gather(with_files(++seq), {"a"});
            rig.asked()->succeed("all");
            const auto path = rig.ready()->files[0].path;
            flush(rig.store());
            how(path);
            rig.gather(with_files(seq), {"a"});
            auto again = rig.asked();
            REQUIRE(again);
            again->succeed("again");
            CHECK(content(rig.ready()->files[0].path) == "again");
        }
    }

    TEST_CASE("a file of one event is not the file of another that names the same thing") {
        SqlitePlace place;
        IncomingFilesRig rig(place);
        rig.gather(with_files(1), {"a"});
        rig.asked()->succeed("first");
        const auto first = rig.ready()->files[0].path;
        rig.gather(with_files(2), {"a"});
        rig.asked()->succeed("second");
        CHECK(rig.ready()->files[0].path != first);
    }

    TEST_CASE("on a full disk the fetch is told so, and tried again once there is room") {
        const auto disk = SmallDisk::mount(4);
        if (!disk) {
            return;
        }
        SqlitePlace place;
        IncomingFilesRig rig(place, {.folder = disk->path() + "/media"});
        rig.gather(with_files(1), {"a"});
        auto asked = rig.asked();
        CHECK(asked->give("a piece") == Next::go_on);
        disk->fill();
        CHECK(asked->give(std::string(100'000, 'x')) == Next::give_up);
        asked->fail(passing);
        rig.settle_down();
        CHECK(rig.names().empty());
        disk->make_room();
        rig.pass(1s);
        rig.asked()->succeed("all");
        CHECK(content(rig.ready()->files[0].path) == "all");

        rig.gather(with_files(2), {"a"});
        asked = rig.asked();
        disk->fill();
        CHECK(asked->give(std::string(100'000, 'x')) == Next::give_up);
        asked->fail(passing);
        rig.settle_down();
        rig.pass(60s);
        CHECK(rig.ready()->files[0].error == FetchError::disk_full);
    }

    TEST_CASE(
        "a file goes when it is old or the disk is short, never before its event is settled") {
        on_each_database([](Place& place) {
            IncomingFilesRig rig(place, {.cleaning_interval = 10s});
            std::vector<std::string> paths;
            for (std::int64_t seq = 1; seq <= 3; ++seq) {
                auto stored = event("m" + std::to_string(seq));
                stored.has_files = true;
                accept(rig.store(), std::move(stored));
                rig.gather(with_files(seq), {"a"});
                rig.asked()->succeed("x");
                paths.push_back(rig.ready()->files[0].path);
            }
            const auto others = rig.folder() + "/not ours.txt";
            std::ofstream(others) << "x";
            rig.store().inbox().settle(1);
            rig.store().inbox().settle(2);
            flush(rig.store());
            place.session() << "update inbox set state = 2 where seq = 3";  // a dead letter
            age(paths[0], 8 * 24h);
            age(paths[2], 8 * 24h);
            age(others, 100 * 24h);
            rig.pass(10s);
            CHECK(rig.holds(3));
            CHECK_FALSE(std::filesystem::exists(paths[0]));
            rig.store().inbox().settle(3);
            place.session() << "update inbox set state = 1 where seq = 3";
            rig.pass(10s);
            CHECK(rig.holds(2));
            CHECK(std::filesystem::exists(paths[1]));
            CHECK(std::filesystem::exists(others));
        });
    }

    TEST_CASE("what an earlier run has left half is removed after an hour") {
        SqlitePlace place;
        const auto folder = place.data_directory() + "/media";
        std::filesystem::create_directories(folder);
        for (const auto* name : {"/5-0123456789abcdef.part", "/6-0123456789abcdef.part"}) {
            std::ofstream(folder + name) << "x";
        }
        age(folder + "/5-0123456789abcdef.part", 2h);
        IncomingFilesRig rig(place);
        CHECK(rig.holds(1));
        CHECK(rig.names()[0] == "6-0123456789abcdef.part");
    }

    TEST_CASE("a stop hands nothing over, and leaves nothing half behind") {
        SqlitePlace place;
        IncomingFilesRig rig(place);
        rig.gather(with_files(1), {"a"});
        rig.gather(with_files(2), {"a"});
        rig.asked()->give("half");
        CHECK(rig.holds(2));
        rig.stop();
        CHECK(rig.handed_over() == 0);
        CHECK(rig.names().empty());
    }

    TEST_CASE("a folder that can't be made or written is refused with a sentence that names it") {
        SqlitePlace place;
        const auto file = place.data_directory() + "/file";
        std::ofstream(file) << "x";
        for (const auto& folder : {file, file + "/media"}) {
            CAPTURE(folder);
            std::string said = "it started";
            try {
                IncomingFilesRig rig(place, {.folder = folder});
            } catch (const std::runtime_error& error) {
                said = error.what();
            }
            CHECK(said.starts_with(folder + ": "));
        }
    }
}

}  // namespace
}  // namespace hermes::test
