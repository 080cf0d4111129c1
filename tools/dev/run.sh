# SPDX-License-Identifier: Apache-2.0
# ./dev run [arguments of the agent]
. tools/dev/common.sh
setup_system
configure dev
if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
    build_targets dev gatehouse gatehousectl gatehouse-native-host
    say "starting the agent with its tray icon; Ctrl-C stops it"
    exec build/dev/app/gatehouse "$@"
fi
build_targets dev gatehousectl gatehouse-native-host
say "no display: starting the agent without windows; Ctrl-C stops it"
exec build/dev/app/gatehousectl serve --print-client-token "$@"
