#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The tray icon on a real X server: with trayer as the tray, then without any. Argument: the probe program.
set -eu
probe=$1
for tool in Xvfb trayer; do
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: $tool is not installed"
        exit 77
    fi
done
work=$(mktemp -d)
xserver='' tray=''
finish() {
    for child in $tray $xserver; do
        kill "$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

mkdir -m 700 "$work/run"
export XDG_RUNTIME_DIR="$work/run" QT_QPA_PLATFORM=xcb HOME="$work"
unset DBUS_SESSION_BUS_ADDRESS WAYLAND_DISPLAY || true
Xvfb -displayfd 3 -screen 0 800x600x24 -nolisten tcp 3>"$work/display" 2>"$work/xvfb.log" &
xserver=$!
waited=0
until [ -s "$work/display" ]; do
    waited=$((waited + 1))
    if [ "$waited" -gt 300 ] || ! kill -0 "$xserver" 2>/dev/null; then
        echo "Xvfb did not start:"
        cat "$work/xvfb.log"
        exit 1
    fi
    sleep 0.1
done
DISPLAY=:$(cat "$work/display")
export DISPLAY

"$probe" none
trayer --edge bottom --align right --widthtype request --height 28 >"$work/trayer.log" 2>&1 &
tray=$!
"$probe" tray
