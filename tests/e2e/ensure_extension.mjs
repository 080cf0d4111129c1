// SPDX-License-Identifier: Apache-2.0
// Builds the extension as it is now, with its own locked tools.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const extension = join(import.meta.dirname, "../../extension");
if (!existsSync(join(extension, "node_modules/esbuild"))) {
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: extension, stdio: "inherit" });
}
execFileSync(process.execPath, ["build.mjs"], { cwd: extension, stdio: "inherit" });
