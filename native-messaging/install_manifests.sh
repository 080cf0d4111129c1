#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tells browsers where the native host is: writes its manifests for Chromium, Chrome, Edge, Brave and Firefox on Linux.
#   install_manifests.sh --user HOST_PROGRAM [ROOT]      for this person's default profiles
#   install_manifests.sh --system HOST_PROGRAM [ROOT]    for everybody (as root); policy should then forbid user-level hosts
# ROOT is put before every folder (packages, tests). Existing manifests of ours are replaced, nothing else is touched.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
usage() { sed -n '4,6s/^# *//p' "$0" >&2; exit 2; }
[[ $# -ge 2 ]] || usage
host=$2 root=${3:-}
[[ $host == /* ]] || { echo "install_manifests: the program's path must be absolute: $host" >&2; exit 2; }
[[ -x $root$host || -x $host ]] || { echo "install_manifests: no program at $host" >&2; exit 2; }

case $1 in
    --user)
        configuration=${XDG_CONFIG_HOME:-$HOME/.config}
        chromium=("$configuration/chromium/NativeMessagingHosts" "$configuration/google-chrome/NativeMessagingHosts"
            "$configuration/microsoft-edge/NativeMessagingHosts" "$configuration/BraveSoftware/Brave-Browser/NativeMessagingHosts")
        firefox=("$HOME/.mozilla/native-messaging-hosts") ;;
    --system)
        chromium=(/etc/chromium/native-messaging-hosts /etc/opt/chrome/native-messaging-hosts /etc/opt/edge/native-messaging-hosts)
        firefox=(/usr/lib/mozilla/native-messaging-hosts) ;;
    *) usage ;;
esac

write() { # template folder
    local template=$1 folder=$root$2 text
    text=$(<"$here/manifests/$template")
    mkdir -p "$folder"
    printf '%s\n' "${text/@HOST_PATH@/$host}" >"$folder/com.gatehouse.agent.json"
    chmod 0644 "$folder/com.gatehouse.agent.json"
    echo "wrote $folder/com.gatehouse.agent.json"
}
for folder in "${chromium[@]}"; do write chromium.json.in "$folder"; done
for folder in "${firefox[@]}"; do write firefox.json.in "$folder"; done
