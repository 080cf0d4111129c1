#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A real llama-server (llama.cpp) on a tiny model of our own making.
#   llama.sh prepare      once, about a minute: a small Debian unstable root, because Debian 12 and 13 have no llama.cpp
#   llama.sh run PORT [OPTION…] serves http://127.0.0.1:PORT/v1 in the foreground; the model is called "tiny"
# Everything lies in $XDG_CACHE_HOME/gatehouse/peers. `prepare` needs root; `run` is content with a user namespace.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
peers=${XDG_CACHE_HOME:-$HOME/.cache}/gatehouse/peers
root=$peers/debian
# shellcheck source=../../tools/setup/debian.sh
. "$here/../../tools/setup/debian.sh"

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

make_root() {
    local mirror
    mirror=$(debian_mirror)
    [[ -n $mirror ]] || { echo "llama: no Debian mirror in this machine's apt sources" >&2; exit 2; }
    echo "llama: preparing a Debian unstable root in $peers (once)"
    as_root rm -rf "$root.new"
    as_root debootstrap --variant=minbase sid "$root.new" "$mirror" >"$peers/prepare.log"
    # The machine's apt proxy, where it has one, is needed inside too.
    apt-config dump | grep -i '^Acquire::.*proxy' | as_root tee "$root.new/etc/apt/apt.conf.d/90proxy" >/dev/null || true
    as_root chroot "$root.new" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends llama.cpp >>"$peers/prepare.log" 2>&1
    as_root chroot "$root.new" apt-get clean
    as_root mv "$root.new" "$root"
}

prepare() {
    mkdir -p "$peers"
    exec 9>"$peers/lock"
    flock 9 # two test runs may prepare at the same time
    [[ -x $root/usr/bin/llama-server ]] || make_root
    if [[ ! -s $root/models/tiny.gguf || $here/tiny_model.py -nt $root/models/tiny.gguf ]]; then
        as_root mkdir -p "$root/models"
        python3 "$here/tiny_model.py" "$peers/tiny.gguf"
        as_root cp "$peers/tiny.gguf" "$root/models/tiny.gguf"
    fi
    exec 9>&-
}

case ${1:-} in
prepare)
    prepare
    ;;
run)
    port=${2:?port}
    prepare >&2
    enter=(chroot)
    ((EUID == 0)) || enter=(unshare --map-root-user chroot)
    exec "${enter[@]}" "$root" llama-server --model /models/tiny.gguf --alias tiny --host 127.0.0.1 --port "$port" \
        --ctx-size 16384 --parallel 2 --threads 1 "${@:3}"
    ;;
*)
    sed -n '3,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 2
    ;;
esac
