# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What we need to know about the Debian that we are on. Sourced. No mirror is written down in this project: everything is
# derived from the machine's own apt sources, whichever of the two styles they have.

debian_release() { # "12", "13", or the code name of a testing system
    # shellcheck source=/dev/null
    (. /etc/os-release && echo "${VERSION_ID:-${VERSION_CODENAME:-unknown}}")
}

debian_codename() {
    # shellcheck source=/dev/null
    (. /etc/os-release && echo "${VERSION_CODENAME:-}")
}

# The stanza (deb822) or line that names the release itself, with its suites replaced by SUITE and its component by main.
# Mirror, options and Signed-By stay what they were.
debian_source_like() { # SUITE
    local suite=$1 codename file
    codename=$(debian_codename)
    for file in /etc/apt/sources.list.d/*.sources; do
        [[ -f $file ]] || continue
        awk -v suite="$suite" -v codename="$codename" '
            function emit(  i) {
                if (!binary || !matches) return
                for (i = 1; i <= count; i++) {
                    if (field[i] == "suites") print "Suites: " suite
                    else if (field[i] == "components") print "Components: main"
                    else if (field[i] == "types") print "Types: deb"
                    else print line[i]
                }
                found = 1; exit
            }
            function reset() { count = 0; matches = 0; binary = 0; name = "" }
            BEGIN { reset() }
            /^[ \t]*$/ { emit(); reset(); next }
            /^#/ { next }
            {
                if ($0 !~ /^[ \t]/) { name = tolower($0); sub(/:.*/, "", name) }
                count++; line[count] = $0; field[count] = ($0 ~ /^[ \t]/) ? "more" : name
                if (name == "suites") for (i = 1; i <= NF; i++) if ($i == codename) matches = 1
                if (name == "types") for (i = 1; i <= NF; i++) if ($i == "deb") binary = 1
            }
            END { if (!found) emit(); exit !found }' "$file" && return 0
    done
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ -f $file ]] || continue
        awk -v suite="$suite" -v codename="$codename" '
            $1 == "deb" {
                for (i = 2; i <= NF; i++) if ($i == codename) {
                    out = $1
                    for (j = 2; j < i; j++) out = out " " $j
                    print out " " suite " main"; found = 1; exit
                }
            }
            END { exit !found }' "$file" && return 0
    done
    return 1
}

# The mirror's URI, for debootstrap.
debian_mirror() {
    debian_source_like x | awk '
        tolower($1) == "uris:" { print $2; exit }
        $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^[a-z+]+:\//) { print $i; exit } }'
}
