// SPDX-License-Identifier: Apache-2.0
// Builds dist/chromium and dist/firefox: five bundles, and a manifest whose hosts come from sites/. Deterministic.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");

async function siteHosts() {
  const bundle = await build({ entryPoints: [join(root, "sites/index.ts")], bundle: true, write: false, format: "esm" });
  const { sites } = await import("data:text/javascript;base64," + Buffer.from(bundle.outputFiles[0].text).toString("base64"));
  return sites.flatMap((site) => site.hosts);
}

function manifestFor(browser, hosts) {
  const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
  const matches = hosts.map((host) => `https://${host}/*`);
  // Every host, because a policy may add any; what runs where is decided by the lists, not by this.
  manifest.host_permissions = browser === "firefox" ? ["https://*/*"] : ["https://*/*", "wss://*/*"];
  const where = { matches, run_at: "document_start", all_frames: true, match_about_blank: true, match_origin_as_fallback: true };
  // In this order: the first one waits for what the second one hands over.
  manifest.content_scripts = [{ ...where, js: ["page.js"], world: "MAIN" }, { ...where, js: ["content.js"] }];
  if (browser === "firefox") {
    delete manifest.key;
    delete manifest.minimum_chrome_version;
    delete manifest.storage;
    manifest.background = { scripts: ["worker.js"] };
    // What leaves the browser for the native host (docs/store-listing.md).
    manifest.browser_specific_settings = { gecko: { id: "gatehouse@gatehouse.example", strict_min_version: "128.0", data_collection_permissions: { required: ["websiteContent", "personalCommunications"] } } };
  }
  return JSON.stringify(manifest, null, 2) + "\n";
}

const hosts = await siteHosts();
rmSync(dist, { recursive: true, force: true });
for (const browser of ["chromium", "firefox"]) {
  const target = join(dist, browser);
  mkdirSync(join(target, "icons"), { recursive: true });
  await build({
    entryPoints: {
      page: join(root, "src/page/page.ts"),
      content: join(root, "src/content/content.ts"),
      worker: join(root, "src/background/worker.ts"),
      popup: join(root, "src/popup/popup.ts"),
    },
    outdir: target,
    bundle: true,
    format: "iife",
    target: ["chrome116", "firefox128"],
    charset: "utf8",
    minifySyntax: true,
    minifyWhitespace: true, // names stay: whoever reads a bundle finds the source
    legalComments: "none",
    logLevel: "warning",
  });
  writeFileSync(join(target, "manifest.json"), manifestFor(browser, hosts));
  for (const file of ["popup.html", "popup.css"]) {
    cpSync(join(root, "src/popup", file), join(target, file));
  }
  cpSync(join(root, "managed_schema.json"), join(target, "managed_schema.json"));
  cpSync(join(root, "icons"), join(target, "icons"), { recursive: true });
}
console.log(`extension: built dist/chromium and dist/firefox for ${hosts.length} hosts`);
