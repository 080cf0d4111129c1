# SPDX-License-Identifier: Apache-2.0
# ./dev collector
echo "The collector does not exist yet; docs/known-issues.md says what stands and what does not." >&2
exit 2
