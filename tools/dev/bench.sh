# SPDX-License-Identifier: Apache-2.0
# ./dev bench [gateway|dlp|browser|audit|collector] [--seconds S] [--rounds N] [--only hop|streams] [--long] [--interactions N] [--batches N]; browser takes the number of rounds alone
. tools/dev/common.sh
name=${1:-gateway}
[[ $# -gt 0 ]] && shift
case $name in
gateway) targets=(gatehousectl bench_commit plain_proxy) what="direct, nginx, a plain proxy and Gatehouse against one upstream" ;;
dlp) targets=(bench_dlp) what="the catalogue beside Hyperscan alone and grep" ;;
browser) targets=(gatehousectl gatehouse-native-host gatehouse-extract) what="Chromium with the extension, the native host and the agent" ;;
audit) targets=(bench_audit) what="records written, verified, searched, sealed, erased" ;;
collector) targets=(gatehouse-collector) what="batches taken on a private PostgreSQL, queries beside them" ;;
*) die "there is no bench '$name'; there are: gateway, dlp, browser, audit, collector" ;;
esac
setup_system
configure bench
build_targets bench "${targets[@]}"
say "bench $name: $what; nothing else should run now"
if [[ $name == browser ]]; then
    setup_node
    npm_install extension
    npm_install tests/e2e
    (cd tests/e2e && node ensure_extension.mjs && GATEHOUSE_BUILD=$PWD/../../build/bench node bench.mjs "$@")
else
    python3 "tests/bench/$name.py" build/bench "$@"
fi
say "bench $name is done"
