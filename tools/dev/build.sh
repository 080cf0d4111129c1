# SPDX-License-Identifier: Apache-2.0
# ./dev build [preset]
. tools/dev/common.sh
preset=${1:-dev}
grep -q "{\"name\": \"$preset\", \"configurePreset\"" CMakePresets.json || die "there is no preset '$preset'; CMakePresets.json lists them"
setup_system
configure "$preset"
build_targets "$preset"
say "build/$preset is up to date"
