// SPDX-License-Identifier: Apache-2.0
// The files that leave the house, as a Map of name to bytes. The same folders, address and key give the same bytes.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crx, idOf, publicHalf } from "./crx.mjs";
import { updatesJson, updateXml } from "./updates.mjs";
import { zip } from "./zip.mjs";

export function filesOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(folder.length + 1).replaceAll("\\", "/"), readFileSync(path)];
  }));
}

function withManifest(files, change) {
  const manifest = JSON.parse(files.get("manifest.json").toString("utf8"));
  change(manifest);
  return new Map([...files, ["manifest.json", Buffer.from(JSON.stringify(manifest, null, 2) + "\n")]]);
}

// dist: the folder of the builds. base: where the files will lie, without a slash at the end. isOwnKey: the key need not be
// that of the manifest; the extension has another id then, which the native host does not know.
export function packages({ dist, base, key, isOwnKey = false }) {
  const chromium = filesOf(join(dist, "chromium"));
  const firefox = filesOf(join(dist, "firefox"));
  const { key: known, version } = JSON.parse(chromium.get("manifest.json").toString("utf8"));
  const spki = publicHalf(key);
  if (spki.toString("base64") !== known && !isOwnKey) {
    throw new Error("this is not the key of the manifest: the extension would have another id");
  }
  const id = idOf(spki);
  const [crxName, xpiName] = ["crx", "xpi"].map((type) => `gatehouse-${version}.${type}`);
  const signed = crx(zip(withManifest(chromium, (manifest) => Object.assign(manifest, { key: spki.toString("base64"), update_url: `${base}/update.xml` }))), key);
  let addon = "";
  const xpi = zip(withManifest(firefox, (manifest) => {
    addon = manifest.browser_specific_settings.gecko.id;
    manifest.browser_specific_settings.gecko.update_url = `${base}/updates.json`;
  }));
  // For a store, which signs and updates by itself and takes no key.
  const upload = zip(withManifest(chromium, (manifest) => delete manifest.key));
  return { id, files: new Map([
    [crxName, signed],
    [xpiName, xpi],
    [`gatehouse-${version}-store.zip`, upload],
    ["update.xml", Buffer.from(updateXml({ id, version, address: `${base}/${crxName}` }))],
    ["updates.json", Buffer.from(updatesJson({ id: addon, version, address: `${base}/${xpiName}`, bytes: xpi }))],
  ]) };
}
