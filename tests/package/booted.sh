#!/usr/bin/env bash
# booted.sh BUILD CPACK: the package in a Debian 12 of its own, with systemd as its first process:
# installed by the manual's commands, upgraded while members write, hung, removed and purged.
#
# Needs root, debootstrap and Debian's mirror; left out, with a word, where it can't be. Everything
# but the network is its own (mounts, processes, control groups), and is gone afterwards.
# HERMES_DEBIAN=FOLDER keeps the bare Debian for the next time.
set -euo pipefail
build=$1 cpack=$2
tests=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

leave_out() { echo "left out: $*"; exit 0; }
[[ $EUID -eq 0 ]] || leave_out "it takes root to boot a Debian"
command -v debootstrap >/dev/null || leave_out "debootstrap is not installed"
unshare --mount --pid --fork --cgroup --uts --ipc true 2>/dev/null ||
    leave_out "this machine makes no name spaces"

work=$(mktemp -d /var/tmp/hermes-booted-XXXXXX)
root=$work/debian
first=   # the process in whose end all of it ends
cleanup() {
    exec 7>&- 2>/dev/null || true
    [[ -z $first ]] || { kill -KILL "$first" 2>/dev/null; wait "$first" 2>/dev/null; } || true
    rm -rf --one-file-system "$work"
}
trap cleanup EXIT

step() { echo "- $*"; }
fail() {
    echo "not so: $*"
    [[ -z $first ]] || inside journalctl --no-pager -n 40 -u hermes-gateway || true
    exit 1
}
expect() { # what, command: the command succeeds
    local what=$1
    shift
    "$@" >"$work/said" 2>&1 || { tail -n 30 "$work/said"; fail "$what"; }
}
within() { # seconds, what, command: it comes true
    local until=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >"$work/said" 2>&1; do
        ((SECONDS < until)) || fail "$what"
        sleep 0.1
    done
}

# ---- A bare Debian, with this machine's package sources.
make_debian() {
    local bare=${HERMES_DEBIAN:-}
    if [[ -z $bare || ! -x $bare/usr/bin/dpkg ]]; then
        local mirror
        mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null |
            grep -v '^ *#' | grep -oE 'https?://[^ ]+' | head -n 1) || true
        debootstrap --variant=minbase --include=ca-certificates,dbus,systemd,systemd-sysv \
            bookworm "$root" "${mirror:-http://deb.debian.org/debian}" || return 1
        [[ -z $bare ]] || cp -a "$root" "$bare"
    else
        cp -a "$bare" "$root"
    fi
    cp -a /etc/apt/sources.list* /etc/apt/apt.conf.d "$root/etc/apt/" 2>/dev/null || true
    cp -aL /usr/share/keyrings/. "$root/usr/share/keyrings/"
    cp -aL /etc/ssl/certs/. "$root/etc/ssl/certs/"
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
}

# ---- systemd as its process 1, in name spaces of its own.
boot() {
    cat >"$work/init" <<'INIT'
set -e
cd "$1"
mount --make-rprivate /
mount --bind . . && cd "$1"
mount -t proc proc proc
mount -t sysfs sysfs sys
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t cgroup2 cgroup2 sys/fs/cgroup
else
    mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
    mkdir sys/fs/cgroup/unified sys/fs/cgroup/systemd
    mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
    mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
fi
mount -t tmpfs tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
    touch dev/$device && mount --bind /dev/$device dev/$device
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs tmpfs dev/shm
pivot_root . mnt  # no chroot: a service's name spaces need a root of its own
exec env -i container=hermes-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    chroot . sh -c 'umount -l /mnt && mount --make-rshared / && exec /lib/systemd/systemd'
INIT
    unshare --mount --pid --fork --cgroup --uts --ipc --kill-child sh "$work/init" "$root" \
        >"$work/boot.log" 2>&1 &
    first=$!
    within 30 "systemd begins: $(tail -n 3 "$work/boot.log")" find_process_1
    within 60 "systemd is up" inside sh -c 'systemctl is-system-running | grep -E "running|degraded"'
}
find_process_1() {
    process_1=$(pgrep -P "$first") && [[ $(<"/proc/$process_1/comm") == systemd ]]
}
proxies=()
while IFS= read -r variable; do proxies+=("$variable"); done < <(env | grep -iE '^(https?|no)_proxy=' || true)
inside() {
    nsenter --target "$process_1" --mount --pid --cgroup --uts --ipc --root --wd -- \
        env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        DEBIAN_FRONTEND=noninteractive "${proxies[@]}" "$@"
}
shown() { inside systemctl show --property "$1" --value hermes-gateway; }

# ---- Two packages: this one, and an older one with another number.
make_packages() {
    "$cpack" --config "$build/CPackConfig.cmake" -B "$work" -D CPACK_OUTPUT_FILE_PREFIX="$work" || return 1
    deb=$(echo "$work"/hermes-wecom-callback_*.deb)
    dpkg-deb --raw-extract "$deb" "$work/older"
    sed -i 's/^Version: .*/Version: 0.0.1/' "$work/older/DEBIAN/control"
    dpkg-deb --build "$work/older" "$root/root/hermes-wecom-callback_0.0.1_amd64.deb"
    mkdir "$root/root/newer"
    cp "$deb" "$root/root/newer/"
}

# The commands of a page's first two sections, as an operator copies them.
commands_of() { # page
    awk '/^## / {section++} section == 1 || section == 2' \
        "$root/usr/share/doc/hermes-wecom-callback/docs/$1" |
        sed -n '/^ *```bash/,/^ *```$/p' | grep -v '```' | sed 's/^ *//'
}

press_save() { # port: once somebody listens there
    until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
        ((SECONDS < 300)) || return 1
        sleep 0.1
    done
    echo save >&7
}

members_say() { # text: prints what is answered
    echo "say $1" >&7
    read -r -t 40 answer <&6 && echo "$answer"
}

step "a bare Debian"
expect "there is a Debian" make_debian
expect "the packages are made" make_packages
step "systemd as its first process"
boot

step "installed"
port=$((20000 + RANDOM % 10000))
mkfifo "$work/words" "$work/answers"
"$build/bin/steady_members" "http://127.0.0.1:$port/wecom/callback" <"$work/words" >"$work/answers" &
members=$!
exec 7>"$work/words" 6<"$work/answers"
for name in api_base corp_id agent_id corp_secret token encoding_aes_key; do
    read -r -t 20 "${name?}" <&6
done
expect "apt reads its lists" inside apt-get update -qq
expect "the older one is installed" \
    inside sh -c "cd /root && apt-get install -qq --no-install-recommends ./hermes-wecom-callback_0.0.1_*.deb"
expect "/etc/hermes is for the service alone" \
    inside sh -c '[ "$(stat -c "%U:%G %a" /etc/hermes)" = "root:hermes 750" ]'
expect "it does not run unasked" inside sh -c '! systemctl is-active hermes-gateway'

# The manual's commands: the older package under its name, the interview's answers on stdin, and the
# administrator who presses Save while doctor listens.
commands_of setup.md >"$root/root/setup.sh"
expect "the manual says how" sh -c "grep -q '^apt install' '$root/root/setup.sh' &&
    grep -q '^systemctl enable --now hermes-gateway' '$root/root/setup.sh'"
expect "it says the same in Chinese" \
    cmp "$root/root/setup.sh" <(commands_of setup.zh-CN.md)
sed -i -e '/^apt install/d' -e 's,^hermes-host-stub init.*,& --language en <interview,' \
    -e 's,^systemctl enable.*,hermes-host-stub doctor --listen --config /etc/hermes/config.yaml\n&,' \
    "$root/root/setup.sh"
printf '%s\n' "$corp_id" "$agent_id" "$corp_secret" "$token" "$encoding_aes_key" '*' n \
    >"$root/root/interview"
press_save "$port" &
expect "the manual's commands work" inside sh -exc "cd /root
    export WECOM_CALLBACK_API_BASE=$api_base WECOM_CALLBACK_PORT=$port; . ./setup.sh"
grep -q '^  chgrp hermes /etc/hermes/config.yaml /etc/hermes/.env$' "$work/said" &&
    grep -q 'not by hand as root' "$work/said" || fail "init says how the service reads and is started"
read -r -t 20 saved <&6
[[ $saved == verified ]] || fail "the console takes the callback URL: $saved"
expect "enabled means started, which means listening" inside systemctl is-active hermes-gateway
expect "its state is its own" \
    inside sh -c '[ "$(stat -c "%U %a" /var/lib/hermes)" = "hermes 700" ]'
[[ $(shown StatusText) == "gateway ready: wecom_callback" ]] || fail "systemd knows what it serves"
[[ $(members_say hello) == "echo: hello" ]] || fail "a member is answered"

step "its journal"
inside journalctl --no-pager -o cat -u hermes-gateway >"$work/journal"
expect "it logs" grep -q '^info \[wecom_callback\] listening on' "$work/journal"
expect "the time is the journal's" sh -c "! grep -qE '^<?[0-9]' '$work/journal'"
inside journalctl --no-pager -o json -u hermes-gateway >"$work/journal"
expect "priorities are the journal's" grep -q '"PRIORITY":"6".*listening on\|listening on.*"PRIORITY":"6"' "$work/journal"

step "upgraded while members write"
before=$(shown MainPID)
echo begin >&7
sleep 2   # of load, before and after
expect "the newer one is installed over it" \
    inside sh -c "cd /root/newer && apt-get install -qq --no-install-recommends ./*.deb"
expect "it runs" inside systemctl is-active hermes-gateway
[[ $(shown MainPID) != "$before" ]] || fail "the newer one runs"
expect "the newer one is there" \
    inside sh -c '[ "$(dpkg-query -f "\${Version}" -W hermes-wecom-callback)" != 0.0.1 ]'
sleep 2
echo end >&7
read -r -t 90 counts <&6 || fail "the members have an end"
wait "$members" || fail "nobody's message is lost, none is answered twice: $counts"
echo "  $counts"

step "another configuration, without a restart"
before=$(shown MainPID)
inside sh -c 'echo "log: {level: debug}" >>/etc/hermes/config.yaml'
expect "it is reloaded" inside systemctl reload hermes-gateway
within 20 "the gateway has taken it" inside sh -c \
    'journalctl --no-pager -u hermes-gateway | grep "reload: log.level: .* (needs a restart)"'
[[ $(shown MainPID) == "$before" ]] || fail "a reload is no restart"

step "upgraded with a mistake in its configuration"
inside sh -c 'cp /etc/hermes/config.yaml /root/ && echo "nonsense: 1" >>/etc/hermes/config.yaml'
expect "apt installs it" inside sh -c \
    "cd /root/newer && apt-get install -qq --reinstall --no-install-recommends ./*.deb"
grep -q 'hermes-gateway does not start' "$work/said" || fail "it is said that it does not start"
expect "it is installed" inside sh -c \
    '[ "$(dpkg-query -f "\${db:Status-Status}" -W hermes-wecom-callback)" = installed ]'
inside sh -c 'cat /root/config.yaml >/etc/hermes/config.yaml'
within 40 "it starts once the mistake is gone" inside systemctl is-active hermes-gateway

step "hung"
inside mkdir -p /etc/systemd/system/hermes-gateway.service.d
printf '[Service]\nWatchdogSec=2\n' \
    >"/proc/$process_1/root/etc/systemd/system/hermes-gateway.service.d/watch.conf"
inside systemctl daemon-reload
inside systemctl restart hermes-gateway
inside sh -c 'kill -STOP $(systemctl show -p MainPID --value hermes-gateway)'
within 40 "systemd ends what hangs" \
    inside sh -c 'journalctl --no-pager -u hermes-gateway | grep "Watchdog timeout"'
within 40 "and starts it again" inside sh -c '[ "$(systemctl show -p NRestarts --value hermes-gateway)" -ge 1 ] &&
    systemctl is-active hermes-gateway'

step "secrets as credentials, in the sandbox"
inside sh -ec 'install -d -m 700 /etc/hermes/secrets
    rm /etc/systemd/system/hermes-gateway.service.d/watch.conf
    . /etc/hermes/.env
    cd /etc/hermes/secrets
    printf "%s\n" "$WECOM_CALLBACK_CORP_SECRET" >corp_secret
    printf "%s" "$WECOM_CALLBACK_TOKEN" >/root/token
    systemd-creds encrypt --name=token /root/token token.cred
    chmod 600 corp_secret token.cred
    sed -i -e "/_CORP_SECRET=/d" -e "/_TOKEN=/d" /etc/hermes/.env
    sed -i "/^ *extra:/a\      corp_secret_file: \${CREDENTIALS_DIRECTORY}/corp_secret\n      token_file: \${CREDENTIALS_DIRECTORY}/token" /etc/hermes/config.yaml'
printf '%s\n' '[Service]' 'LoadCredential=corp_secret:/etc/hermes/secrets/corp_secret' \
    'LoadCredentialEncrypted=token:/etc/hermes/secrets/token.cred' \
    >"/proc/$process_1/root/etc/systemd/system/hermes-gateway.service.d/secrets.conf"
inside systemctl daemon-reload
expect "it starts with its secrets from systemd" inside systemctl restart hermes-gateway
beside() {
    inside env CREDENTIALS_DIRECTORY=/run/credentials/hermes-gateway.service \
        hermes-host-stub "$@" --config /etc/hermes/config.yaml
}
expect "a command beside it works" beside state
expect "the encrypted one is what it was" \
    inside cmp /root/token /run/credentials/hermes-gateway.service/token
beside doctor >"$work/said" || true  # WeCom itself is gone by now
grep -q "proves to know the app's token and key" "$work/said" || fail "doctor reads them: $(<"$work/said")"
gateway='nsenter --mount --target $(systemctl show -p MainPID --value hermes-gateway)'
expect "it writes where its state is" inside sh -c "$gateway -- test -w /var/lib/hermes"
expect "it writes nowhere else" inside sh -c "! $gateway -- touch /etc/hermes/x /srv/x /usr/x"
expect "it can't become anybody" inside sh -c \
    'grep -q "^CapBnd:[[:space:]]*0*\$" /proc/$(systemctl show -p MainPID --value hermes-gateway)/status'

step "what the manual opens of the sandbox"
row() { grep -F "$1" "$root/usr/share/doc/hermes-wecom-callback/docs/service$2.md"; }
settings_in() { cut -d '|' -f 3 | grep -o '`[^`]*`' | tr -d '`'; }
opened=$(row '| runs `bwrap`' '' | settings_in)
[[ $opened == "$(row '| 要运行 `bwrap`' .zh-CN | settings_in)" ]] || fail "it says the same in Chinese"
in_the_sandbox() { # what, lines of [Service]: as what the gateway starts
    {
        sed -e '/^\(Exec\|Type\|Notify\|Watchdog\|Restart\)/d' -e '/^\[Install\]/,$d' \
            "$root/lib/systemd/system/hermes-gateway.service"
        printf '%s\n' '[Service]' Type=oneshot "${@:2}"
    } >"/proc/$process_1/root/etc/systemd/system/started.service"
    inside systemctl daemon-reload
    inside systemctl start started || {
        inside journalctl --no-pager -o cat -n 8 -u started
        fail "$1"
    }
}
expect "packages for it are installed" \
    inside apt-get install -qq --no-install-recommends bubblewrap python3
in_the_sandbox "an agent makes a sandbox of its own" "$opened" \
    'ExecStart=/usr/bin/bwrap --ro-bind / / --dev /dev --proc /proc --unshare-pid /bin/true'
cat >"$root/root/asked.json" <<'ASKED'
{"session_id": "s1", "event_id": "1", "text": "note: call Li"}
ASKED
inside install -m 644 /root/asked.json /srv/
in_the_sandbox "an agent keeps what it shall remember" StandardInput=file:/srv/asked.json \
    "ExecStart=/usr/bin/python3 /usr/share/doc/hermes-wecom-callback/examples/agents/notes.py"
expect "where the state is" inside grep -q 'call Li' /var/lib/hermes/notes/s1.json

step "removed, installed again, purged"
expect "it is removed" inside apt-get remove -qq hermes-wecom-callback
expect "it has stopped" inside sh -c '! pgrep -f "hermes-host-stub gateway" 2>/dev/null'
expect "state and settings are kept" \
    inside test -e /var/lib/hermes/wecom_callback/wecom_callback.db -a -e /etc/hermes/config.yaml
expect "it is installed again" \
    inside sh -c "cd /root/newer && apt-get install -qq --no-install-recommends ./*.deb"
expect "and goes on with them" inside systemctl start hermes-gateway
expect "it is purged" inside apt-get purge -qq hermes-wecom-callback
expect "nothing of it is left" inside sh -c \
    '[ ! -e /var/lib/hermes ] && [ ! -e /etc/hermes ] && ! getent passwd hermes &&
     ! find / -xdev -name "*hermes*" -not -path "/root/*" -not -path "/proc/*" \
         -not -path "/var/log/*" -not -path "/etc/systemd/system/hermes-gateway.service.d*" \
         -not -path "/var/cache/*" -not -path "/run/*" | grep .'
step "all of it"
