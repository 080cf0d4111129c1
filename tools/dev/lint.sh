# SPDX-License-Identifier: Apache-2.0
# ./dev lint: the lints alone, with clang-tidy on the changed files
. tools/dev/common.sh
setup_system
exec python3 tools/dev/test.py lints
