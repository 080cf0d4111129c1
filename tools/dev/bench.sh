# SPDX-License-Identifier: Apache-2.0
# ./dev bench [gateway|dlp] [--seconds S] [--rounds N] [--only hop|streams] [--long]
. tools/dev/common.sh
name=${1:-gateway}
[[ $# -gt 0 ]] && shift
case $name in
gateway) targets=(gatehousectl bench_commit plain_proxy) what="direct, nginx, a plain proxy and Gatehouse against one upstream" ;;
dlp) targets=(bench_dlp) what="the catalogue beside Hyperscan alone and grep" ;;
*) die "there is no bench '$name'; there are: gateway, dlp" ;;
esac
setup_system
configure bench
build_targets bench "${targets[@]}"
say "bench $name: $what; nothing else should run now"
python3 "tests/bench/$name.py" build/bench "$@"
say "bench $name is done"
