#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Brings the pinned Node (a locked npm package, checked by its hash) into .cache/node and prints the folder of its programs.
# The npm that is found on the machine only fetches it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$(cd "$here/../.." && pwd)/.cache/node
stamp=$(cat "$here/node/package.json" "$here/node/package-lock.json" | sha256sum | cut -c1-16)

if [[ ! -x $target/bin/node || $(cat "$target/stamp" 2>/dev/null) != "$stamp" ]]; then
    command -v npm >/dev/null || { echo "setup: npm is missing; tools/setup/system.sh installs it" >&2; exit 2; }
    echo "setup: fetching the pinned Node" >&2
    mkdir -p "$target/bin"
    cp "$here/node/package.json" "$here/node/package-lock.json" "$here/node/.npmrc" "$target/"
    (cd "$target" && npm ci --no-audit --no-fund --loglevel=error >&2)
    # Links of our own: Debian 12's npm leaves out those of optional packages.
    ln -sf "$(echo "$target"/node_modules/node-linux-*/bin/node)" "$target/bin/node"
    for program in npm npx; do
        ln -sf "$target/node_modules/npm/bin/$program-cli.js" "$target/bin/$program"
    done
    echo "$stamp" >"$target/stamp"
fi
echo "$target/bin"
