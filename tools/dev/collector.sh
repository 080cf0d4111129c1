# SPDX-License-Identifier: Apache-2.0
# ./dev collector: a collector on a private PostgreSQL in build/collector, until Ctrl-C
. tools/dev/common.sh
setup_system
configure dev
build_targets dev gatehouse-collector gatehousectl
PYTHONPATH=$PWD exec python3 tools/dev/collector.py
