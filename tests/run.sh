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
# Taken out of its package, which is not installed: that would start a Prometheus on this machine.
if ! command -v promtool >/dev/null; then
    mkdir -p build/promtool
    [[ -x build/promtool/usr/bin/promtool ]] ||
        env -C build/promtool sh -ec \
            'apt-get download -qq prometheus
             dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool
             rm prometheus_*.deb' \
            >"$log" 2>&1 || step "the alerts are not tested: no promtool, $(tail -n 1 "$log")"
    PATH=$PWD/build/promtool/usr/bin:$PATH
fi

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
    step "the package in a Debian of its own"
    bash tests/package/booted.sh "$PWD/build/dev" "$(command -v cpack)"
    build_and_test asan
    build_and_test tsan
fi
step "all tests passed"
