#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes sure that the packages of packages.txt are installed. Takes a fraction of a second when nothing is missing; needs
# root only to install, and says before what it will install.
#   system.sh           check, install what is missing
#   system.sh --check   only say what is missing; exit 1 if something is
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=debian.sh
. "$here/debian.sh"

release=$(debian_release)
minimum_sqlcipher=4.6

wanted() { # prints "package flag" of every line that concerns this release
    awk -v release="$release" '
        /^[ \t]*(#|$)/ { next }
        {
            flag = ($2 ~ /^\[.*\]$/) ? substr($2, 2, length($2) - 2) : ""
            if (flag == "12" && release != "12") next
            if (flag == "backports" && release != "12") next
            if (flag == "13" && release == "12") next
            print $1, (flag == "backports" ? "backports" : "main")
        }' "$here/packages.txt"
}

find_missing() { # fills missing_main and missing_backports
    local name from present version
    missing_main=() missing_backports=()
    present=" $(wanted | cut -d' ' -f1 | xargs dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null |
        awk '$1 == "ii" {printf "%s ", $2}' || true)"
    while read -r name from; do
        if [[ $name == libsqlcipher-dev && $present == *" $name "* ]]; then
            version=$(dpkg-query -W -f '${Version}' libsqlcipher-dev)
            dpkg --compare-versions "$version" ge "$minimum_sqlcipher" || present=${present/ $name / }
        fi
        [[ $present == *" $name "* ]] && continue
        [[ $name == nodejs ]] && command -v node >/dev/null && continue
        [[ $name == npm ]] && command -v npm >/dev/null && continue
        if [[ $from == backports ]]; then missing_backports+=("$name"); else missing_main+=("$name"); fi
    done < <(wanted)
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "setup: run this once as root, then again as yourself: ${BASH_SOURCE[0]}" >&2
        exit 2
    fi
}

add_backports() {
    local suite file source
    suite=$(debian_codename)-backports
    apt-cache policy | grep -q "n=$suite\b\|a=$suite\b" && return 0
    source=$(debian_source_like "$suite") || {
        echo "setup: no apt source of $(debian_codename) was found to derive $suite from; add $suite to apt's sources by hand" >&2
        exit 2
    }
    file=/etc/apt/sources.list.d/gatehouse-backports
    [[ $source == *$'\n'* ]] && file+=.sources || file+=.list
    echo "setup: adding $suite as $file, from the mirror that this machine already uses"
    printf '%s\n' "$source" | as_root tee "$file" >/dev/null
}

# Other Boost headers give way to 1.81's; anything else that would have to go is for the person to decide.
refuse_removals() {
    local removed
    removed=$(apt-get -s -q install --no-install-recommends "$@" 2>/dev/null | awk '$1 == "Remv" && $2 !~ /^libboost/ {print $2}')
    if [[ -n $removed ]]; then
        echo "setup: installing what is missing would remove: ${removed//$'\n'/ }" >&2
        echo "setup: nothing was changed; solve this with apt, then run again" >&2
        exit 2
    fi
}

install_missing() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends)
    echo "setup: missing packages: ${missing_main[*]} ${missing_backports[*]}"
    ((EUID == 0)) || echo "setup: root is needed to install them, and for nothing else"
    ((${#missing_backports[@]})) && add_backports
    as_root "${apt[@]}" update >/dev/null
    if ((${#missing_main[@]})); then
        refuse_removals "${missing_main[@]}"
        as_root "${apt[@]}" install "${missing_main[@]}"
    fi
    if ((${#missing_backports[@]})); then
        as_root "${apt[@]}" install -t "$(debian_codename)-backports" "${missing_backports[@]}"
    fi
}

if ! command -v dpkg-query >/dev/null; then
    echo "setup: this is not Debian; install what tools/setup/packages.txt lists by other means, then set GATEHOUSE_NO_SETUP=1" >&2
    exit 2
fi
find_missing
if ((${#missing_main[@]} + ${#missing_backports[@]} == 0)); then
    exit 0
fi
if [[ ${1:-} == --check ]]; then
    echo "missing: ${missing_main[*]} ${missing_backports[*]}"
    exit 1
fi
install_missing
find_missing
if ((${#missing_main[@]} + ${#missing_backports[@]})); then
    echo "setup: still missing: ${missing_main[*]} ${missing_backports[*]}" >&2
    exit 2
fi
echo "setup: all packages are there"
