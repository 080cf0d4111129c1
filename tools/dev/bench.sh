# SPDX-License-Identifier: Apache-2.0
# ./dev bench [gateway] [--seconds S] [--rounds N]
. tools/dev/common.sh
name=${1:-gateway}
[[ $# -gt 0 ]] && shift
[[ $name == gateway ]] || die "there is no bench '$name'; there is: gateway"
setup_system
configure bench
build_targets bench gatehousectl bench_commit plain_proxy
say "bench $name: direct, nginx and Gatehouse against one upstream; nothing else should run now"
python3 tests/bench/gateway.py build/bench "$@"
say "bench $name is done"
