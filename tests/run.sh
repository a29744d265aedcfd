#!/usr/bin/env bash
# Installs what is missing, builds, and passes every test. Safe to repeat.
#
#   bash tests/run.sh            the tests
#   bash tests/run.sh --long     with 200 crash rounds, the package in a Debian that is booted for
#                                it (as root), and again with AddressSanitizer,
#                                UndefinedBehaviorSanitizer and ThreadSanitizer
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=${1:-}
case $mode in '' | --long) ;; *) echo "usage: $0 [--long]" >&2; exit 2 ;; esac
[[ $mode == --long ]] && export HERMES_LONG_TESTS=1

started=$SECONDS
step() { printf '[%3ds] %s\n' $((SECONDS - started)) "$*"; }
logs=$(mktemp -d)
trap 'wait; rm -rf "$logs"' EXIT  # whoever installs must not be cut off
show_failure() { # log, what failed
    tail -n 60 "$1"
    echo "failed: ${*:2}"
    exit 1
}
quietly() { "$@" >"$logs/quietly" 2>&1 || show_failure "$logs/quietly" "$@"; }
build() { # preset, ON or OFF: with the tests
    quietly cmake --preset "$1" "-DHERMES_TESTS=$2"
    quietly cmake --build --preset "$1"
}

# What the tests need beside the gateway they test.
install_for_tests() {
    bash cmake/install-packages.sh test
    npm ci --prefix tests/peer --no-audit --no-fund
    npm ci --prefix tests/browser --no-audit --no-fund
    command -v promtool >/dev/null || install_promtool
}

# Taken out of its package, which is not installed: that would start a Prometheus on this machine.
promtool=build/promtool/usr/bin/promtool
install_promtool() {
    [[ -x $promtool ]] && return
    mkdir -p build/promtool
    env -C build/promtool sh -ec \
        'apt-get download -qq prometheus
         dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool
         rm prometheus_*.deb' || true
}

step "packages"
bash cmake/install-packages.sh build
step "dev: building what is tested, and beside it packages for the tests"
install_for_tests >"$logs/install" 2>&1 &
installation=$!
build dev OFF
wait "$installation" || show_failure "$logs/install" "packages for the tests"
[[ -x $promtool ]] && PATH=$PWD/${promtool%/*}:$PATH
command -v promtool >/dev/null ||
    step "the alerts are not tested: no promtool, $(tail -n 1 "$logs/install")"

build_and_test() { # preset, ctest arguments
    local preset=$1
    shift
    step "$preset: building"
    build "$preset" ON
    step "$preset: testing"
    ctest --preset "$preset" --progress --no-tests=error "$@"
}

build_and_test dev
if [[ $mode == --long ]]; then
    step "the package in a Debian of its own"
    bash tests/package/booted.sh "$PWD/build/dev" "$(command -v cpack)"
    build_and_test asan
    build_and_test tsan
fi
step "all tests passed"
