# Writes the files of the page into a source file: cmake -DFOLDER=... -DOUTPUT=... -P embed_page.cmake
file(GLOB files LIST_DIRECTORIES false RELATIVE ${FOLDER} ${FOLDER}/*)
set(arrays "")
set(rows "")
set(number 0)
foreach(name IN LISTS files)
    file(READ ${FOLDER}/${name} hex HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(APPEND arrays "constexpr unsigned char file_${number}[] = {${bytes}0};\n")
    string(APPEND rows
        "    {\"${name}\", {reinterpret_cast<const char*>(file_${number}), sizeof file_${number} - 1}},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Made by embed_page.cmake.
#include \"simulator/page_server/page_assets.hpp\"

namespace hermes::host::simulator {

namespace {

${arrays}
const PageAsset assets[] = {
${rows}};

}  // namespace

const PageAsset* find_page_asset(std::string_view name) noexcept {
    for (const auto& asset : assets) {
        if (asset.name == name) {
            return &asset;
        }
    }
    return nullptr;
}

}  // namespace hermes::host::simulator
")
