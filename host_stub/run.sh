#!/usr/bin/env bash
# From a fresh clone to a running gateway with a simulated WeCom: installs what is missing, builds,
# and starts `hermes-host-stub simulate`. Arguments go to it. Safe to repeat.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(build)
[[ " $*" == *" --gateways"* ]] && packages+=(postgresql)
bash cmake/install-packages.sh "${packages[@]}"

step() { printf '\033[2m%s\033[0m\n' "$*" >&2; }
[[ -t 2 ]] || step() { printf '%s\n' "$*" >&2; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT
step "building (the first time takes a few minutes) ..."
# Without the tests, whose libraries need not be there. tests/run.sh uses the same folder with them.
if ! { cmake --preset dev -DHERMES_TESTS=OFF &&
       cmake --build --preset dev --target hermes-host-stub wecom_callback echo_platform; } >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    exit 1
fi
rm -f "$log"
exec build/dev/bin/hermes-host-stub simulate --run-dir host_stub/run --plugins-dir build/dev/plugins "$@"
