// SPDX-License-Identifier: Apache-2.0
// Programs that see other files than the rest of this machine: a mount namespace of their own.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const unshare = [...(process.getuid() === 0 ? ["unshare", "-m"] : ["unshare", "-rm"]), "--propagation", "private"];
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

// The command that puts what lies in `folder` over what lies in `place`.
export const covered = (folder, place) => `mount -t overlay overlay -o ${quoted(`lowerdir=${folder}:${place}`)} ${place}`;

// Why a test must be left out, or false.
export function whyNot() {
  const done = spawnSync(unshare[0], [...unshare.slice(1), "sh", "-c", covered("/usr", "/etc")]);
  return done.status === 0 ? false : "this machine permits no mounts in a namespace of one's own";
}

// A program in `folder` that starts `executable` after `command`.
export function wrapped(folder, command, executable) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "inside.sh");
  const script = `${command} && exec ${quoted(executable)} "$@"`;
  writeFileSync(path, `#!/bin/sh\nexec ${unshare.join(" ")} sh -c ${quoted(script)} sh "$@"\n`, { mode: 0o755 });
  return path;
}
