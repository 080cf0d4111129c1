#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Brings the pinned Node (a locked npm package, checked by its hash) into .cache/node and prints the folder of its programs.
# The npm that is found on the machine only fetches it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$here/../../.cache/node
stamp=$(cat "$here/node/package.json" "$here/node/package-lock.json" | sha256sum | cut -c1-16)

if [[ ! -x $target/node_modules/.bin/node || $(cat "$target/stamp" 2>/dev/null) != "$stamp" ]]; then
    command -v npm >/dev/null || { echo "setup: npm is missing; tools/setup/system.sh installs it" >&2; exit 2; }
    echo "setup: fetching the pinned Node" >&2
    mkdir -p "$target"
    cp "$here/node/package.json" "$here/node/package-lock.json" "$here/node/.npmrc" "$target/"
    (cd "$target" && npm ci --no-audit --no-fund --loglevel=error >&2)
    echo "$stamp" >"$target/stamp"
fi
cd "$target/node_modules/.bin" && pwd
