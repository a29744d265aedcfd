#!/usr/bin/env bash
# deb.sh BUILD CPACK: the package has what a service needs, and what it has works where it is put.
set -euo pipefail
build=$1 cpack=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
expect() { # what, command: the command succeeds
    local what=$1
    shift
    "$@" >"$work/said" 2>&1 || { cat "$work/said"; echo "not so: $what"; exit 1; }
}

expect "the package is made" \
    "$cpack" --config "$build/CPackConfig.cmake" -B "$work" -D CPACK_OUTPUT_FILE_PREFIX="$work"
deb=$(echo "$work"/hermes-wecom-callback_*.deb)
expect "it can be unpacked" dpkg-deb --raw-extract "$deb" "$work/root"
root=$work/root

# Whatever this tree builds besides: test plugins, benchmarks.
expect "it holds the product's programs and plugins, and no others" diff -u \
    <(cd "$root" && find usr -type f \( -perm -u+x -o -name '*.so*' -o -name '*.a' \) -printf '%f\n' |
        sort) \
    <(printf '%s\n' hermes-host-stub libecho_platform.so libwecom_callback.so)

expect "it needs the libraries that the plugin is linked with" \
    grep -E '^Depends: .*libsoci-core4\.0.*' "$root/DEBIAN/control"
for script in postinst prerm postrm; do
    expect "its scripts are scripts" sh -n "$root/DEBIAN/$script"
done
unit=$root/usr/lib/systemd/system/hermes-gateway.service
expect "a stop is told to the gateway alone, which ends its agents" grep -qx KillMode=mixed "$unit"
sed "s,/usr/bin/,$root/usr/bin/,g" "$unit" >"$work/hermes-gateway.service"
user=$(sed -n 's/^User=//p' "$unit")
expect "it makes the user that the unit names" \
    grep -E "adduser .* --system .* $user\$" "$root/DEBIAN/postinst"
expect "systemd takes the unit" systemd-analyze verify --man=no "$work/hermes-gateway.service"
# 2.0 of 10, where 0 is best; what is left is that it talks to the network, and that agents may
# make code as they run.
expect "the service is kept from what it does not need" \
    systemd-analyze security --offline=yes --threshold=20 --no-pager "$work/hermes-gateway.service"
expect "the service manager is told when it listens, and that it lives" \
    grep -zqE 'Type=notify.*WatchdogSec=' "$unit"

documentation=$root/usr/share/doc/hermes-wecom-callback
links_to_nothing() { # folder: what its pages refer to and is not there
    local page link
    find "$1" -name '*.md' | while IFS= read -r page; do
        { sed 's/`[^`]*`//g' "$page" | grep -oE '\]\([^)#: ]+[)#]' || true; } |
            sed 's/^](//; s/[)#]$//' | while IFS= read -r link; do
                [[ -e $(dirname "$page")/$link ]] || echo "${page#"$1"/}: $link"
            done
    done
}
expect "it has its documents" test -e "$documentation/docs/setup.md" -a -e "$documentation/README.md"
expect "every link in them leads somewhere" diff -u /dev/null <(links_to_nothing "$documentation")
for page in $(grep -ohE '/usr/share/doc/[a-z/-]+[.]md' "$unit" "$documentation/config.yaml"); do
    expect "$page is there" test -e "$root$page"
done

sed -e "s,: /usr/,: $root/usr/,; s,/var/lib/hermes,$work/data," \
    "$documentation/config.yaml" >"$work/config.yaml"
cat >"$work/.env" <<'ENV'
WECOM_CALLBACK_CORP_ID=ww0123456789abcdef
WECOM_CALLBACK_CORP_SECRET=secret
WECOM_CALLBACK_AGENT_ID=1000002
WECOM_CALLBACK_TOKEN=token
WECOM_CALLBACK_ENCODING_AES_KEY=abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG
ENV
mkdir "$work/data"
expect "the configuration that it brings is one, with the plugin where it is put" \
    "$root/usr/bin/hermes-host-stub" config check --config "$work/config.yaml"
