#!/bin/bash
# Fuzzes every target for a while, from the committed seeds and what earlier runs found.
#
#   bash tests/fuzz/run.sh [seconds each, default 30] [target ...]
#
# What it finds stays in the build folder. An input that fails is left there as crash-<name>-*: fix
# the bug, then move the file to corpus/<name>/ under a name that says what it did.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-30}
shift || true
build=${HERMES_FUZZ_BUILD:-build/fuzz}

[ -f "$build/build.ninja" ] || cmake --preset fuzz -B "$build" >/dev/null
mapfile -t names <"$build/tests/fuzz/names.txt"
[ $# -eq 0 ] || names=("$@")
cmake --build "$build" --target "${names[@]/%/_fuzz}"

for name in "${names[@]}"; do
    found=$build/corpus/$name
    mkdir -p "$found"
    words=()
    [ ! -f "tests/fuzz/$name.dict" ] || words=("-dict=tests/fuzz/$name.dict")
    echo "== $name, $seconds s"
    "$build/bin/${name}_fuzz" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 \
        -max_len=65536 -print_final_stats=1 -verbosity=0 -artifact_prefix="$build/crash-$name-" \
        "${words[@]}" "$found" "tests/fuzz/corpus/$name"
done
