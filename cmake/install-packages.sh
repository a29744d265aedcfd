#!/usr/bin/env bash
# Installs what is missing of Debian 12's packages: `install-packages.sh build` to build and run,
# `install-packages.sh build postgresql` for several gateways on one database, `install-packages.sh
# build test` for the tests as well. Silent if nothing is missing.
set -euo pipefail

build=(
    g++ cmake ninja-build ca-certificates
    libboost1.81-dev libcrypto++-dev libssl-dev
    libsoci-dev libsqlite3-dev libpq-dev prometheus-cpp-dev
    libcmark-gfm-dev libutf8proc-dev
    libyaml-cpp-dev libcli11-dev
)
postgresql=(postgresql libsoci-postgresql4.0 util-linux)
test=(
    doctest-dev libbenchmark-dev
    dpkg-dev file systemd debootstrap
    curl python3 jq nginx-light haproxy
    chromium-headless-shell fonts-noto-cjk
)

wanted=()
for set in "$@"; do
    case $set in
        build) wanted+=("${build[@]}") ;;
        postgresql) wanted+=("${postgresql[@]}") ;;
        test)
            wanted+=("${test[@]}" "${postgresql[@]}")
            command -v node >/dev/null || wanted+=(nodejs)
            command -v npm >/dev/null || wanted+=(npm)
            ;;
        *) echo "usage: $0 build [postgresql] [test]" >&2; exit 2 ;;
    esac
done

missing=()
for package in "${wanted[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
        missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

as_root=()
if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null || {
        echo "these packages are missing, install them as root: apt-get install ${missing[*]}" >&2
        exit 1
    }
    as_root=(sudo)
fi
echo "installing ${#missing[@]} packages: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { "${as_root[@]}" apt-get update -qq &&
       "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
