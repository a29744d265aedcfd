#!/usr/bin/env bash
# Installs what is missing, builds, and passes every test. Safe to repeat.
#
#   bash tests/run.sh            the tests
#   bash tests/run.sh --long     with 200 crash rounds, and again with AddressSanitizer,
#                                UndefinedBehaviorSanitizer and ThreadSanitizer
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=${1:-}
case $mode in '' | --long) ;; *) echo "usage: $0 [--long]" >&2; exit 2 ;; esac
[[ $mode == --long ]] && export HERMES_LONG_TESTS=1

started=$SECONDS
step() { printf '[%3ds] %s\n' $((SECONDS - started)) "$*"; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() {
    if ! "$@" >"$log" 2>&1; then
        tail -n 60 "$log"
        echo "failed: $*"
        exit 1
    fi
}

step "packages"
bash cmake/install-packages.sh build test
quietly npm ci --prefix tests/peer --no-audit --no-fund
quietly npm ci --prefix tests/browser --no-audit --no-fund

build_and_test() { # preset, ctest arguments
    local preset=$1
    shift
    step "$preset: configuring"
    quietly cmake --preset "$preset" -DHERMES_TESTS=ON
    step "$preset: building"
    quietly cmake --build --preset "$preset"
    step "$preset: testing"
    ctest --preset "$preset" --progress --no-tests=error "$@"
}

build_and_test dev
if [[ $mode == --long ]]; then
    build_and_test asan
    build_and_test tsan
fi
step "all tests passed"
