# SPDX-License-Identifier: Apache-2.0
# ./dev demo: the main job on real parts. The screenshot lands in build/demo.
. tools/dev/common.sh
setup_system
setup_node
configure dev
build_targets dev gatehousectl gatehouse-native-host
npm_install tests/conformance
npm_install extension
npm_install tests/e2e
(cd tests/e2e && node ensure_extension.mjs)
tests/support/llama.sh prepare
PYTHONPATH=$PWD exec python3 tools/dev/demo.py
