// SPDX-License-Identifier: Apache-2.0
// Builds dist/chromium and dist/firefox: five bundles, and a manifest whose hosts come from sites/. Deterministic.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const dist = process.argv[2] ?? join(root, "dist"); // another place for a test

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

// Names stay, so that whoever reads a bundle finds the source; only what every page of a guarded site loads is small.
async function bundle(outdir, entries, isInPage) {
  await build({
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, "src", path)])),
    outdir,
    bundle: true,
    format: "iife",
    target: ["chrome116", "firefox128"],
    charset: "utf8",
    minifySyntax: true,
    minifyWhitespace: true,
    minifyIdentifiers: isInPage,
    legalComments: "none",
    logLevel: "warning",
  });
}

const hosts = await siteHosts();
rmSync(dist, { recursive: true, force: true });
for (const browser of ["chromium", "firefox"]) {
  const target = join(dist, browser);
  mkdirSync(join(target, "icons"), { recursive: true });
  await bundle(target, { worker: "background/worker.ts", popup: "popup/popup.ts", options: "options/options.ts" }, false);
  await bundle(target, { page: "page/page.ts", content: "content/content.ts" }, true);
  writeFileSync(join(target, "manifest.json"), manifestFor(browser, hosts));
  for (const file of ["popup/popup.html", "popup/popup.css", "options/options.html", "options/options.css"]) {
    cpSync(join(root, "src", file), join(target, basename(file)));
  }
  cpSync(join(root, "_locales"), join(target, "_locales"), { recursive: true });
  cpSync(join(root, "managed_schema.json"), join(target, "managed_schema.json"));
  cpSync(join(root, "icons"), join(target, "icons"), { recursive: true });
}
console.log(`extension: built dist/chromium and dist/firefox for ${hosts.length} hosts`);
