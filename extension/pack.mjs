// SPDX-License-Identifier: Apache-2.0
// Packs dist/ for the stores and for an update server of IT: node pack.mjs --key KEY.pem --url https://… [--own-key] [--out DIR]
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { packages } from "./packing/packages.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { key: { type: "string" }, url: { type: "string" }, out: { type: "string" }, "own-key": { type: "boolean" } } });
// Firefox takes no package whose updates come over a way that anybody could change.
if (!values.key || !values.url?.startsWith("https://")) {
  console.error("usage: node pack.mjs --key KEY.pem --url https://updates.example/gatehouse [--own-key] [--out DIR]");
  process.exit(2);
}
const out = values.out ?? join(root, "dist/packages");
mkdirSync(out, { recursive: true });
try {
  const { id, files } = packages({ dist: join(root, "dist"), base: values.url.replace(/\/$/, ""), key: readFileSync(values.key, "utf8"), isOwnKey: values["own-key"] ?? false });
  for (const [name, bytes] of files) {
    writeFileSync(join(out, name), bytes);
  }
  console.log(`packed ${[...files.keys()].join(", ")} in ${out}; the extension's id is ${id}`);
} catch (error) {
  console.error(`pack: ${error.message}`);
  process.exit(1);
}
