# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Shared by the verbs of ./dev. Sourced with the project's root as working directory.
set -euo pipefail

say() { printf '==> %s\n' "$*"; }
die() {
    printf '%s\n' "$*" >&2
    exit 2
}

setup_system() {
    [[ -n ${GATEHOUSE_NO_SETUP:-} ]] || tools/setup/system.sh
}

setup_node() { # puts the pinned Node first in PATH
    local folder
    folder=$(tools/setup/node.sh)
    export PATH=$folder:$PATH
    # The pinned Node trusts what the machine trusts, as Debian's own does: a company's certificate authority, too.
    if [[ -z ${NODE_EXTRA_CA_CERTS:-} && -r /etc/ssl/certs/ca-certificates.crt ]]; then
        export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
    fi
}

# As many compilers as there are cores, but none without some 1.5 GB for itself: Beast and Asio are hungry.
build_jobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo)
    ((memory < 1)) && memory=1
    echo $((cores < memory ? cores : memory))
}

configure() { # PRESET [cmake arguments]
    local preset=$1
    shift
    if [[ ! -f build/$preset/build.ninja || $# -gt 0 ]]; then
        say "configure $preset"
        cmake --preset "$preset" "$@" >"build-$preset.log" 2>&1 || {
            cat "build-$preset.log" >&2
            rm -f "build-$preset.log"
            die "configuring $preset failed"
        }
        rm -f "build-$preset.log"
    fi
}

build_targets() { # PRESET [target…]; everything when no target is named
    local preset=$1
    shift
    say "build $preset ${*:-(everything)}"
    cmake --build --preset "$preset" -j "$(build_jobs)" ${*:+--target "$@"}
}

npm_install() { # FOLDER: as locked, and only when the lock changed
    local folder=$1 stamp
    stamp=$(sha256sum <"$folder/package-lock.json")
    if [[ $(cat "$folder/node_modules/.gatehouse-lock" 2>/dev/null) != "$stamp" ]]; then
        say "npm ci in $folder"
        (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
        echo "$stamp" >"$folder/node_modules/.gatehouse-lock"
    fi
}
