// SPDX-License-Identifier: Apache-2.0
// The id in the native host, in its manifests, and the key in the extension's manifest belong together.
import { createHash, createPublicKey } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sites } from "../sites/index";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const manifest = JSON.parse(read("extension/manifest.json")) as { key: string; version: string };
const key = Buffer.from(manifest.key, "base64");
const id = [...createHash("sha256").update(key).digest("hex").slice(0, 32)].map((digit) => String.fromCharCode(97 + parseInt(digit, 16))).join("");

it("the key is a public RSA key", () => {
  expect(createPublicKey({ key, format: "der", type: "spki" }).asymmetricKeyDetails?.modulusLength).toBeGreaterThanOrEqual(2048);
});
it("the native host knows the extension's id", () => {
  expect(read("core/ipc/extension_id.h")).toContain(`"chrome-extension://${id}/"`);
});
it("the host manifests allow this extension and nobody else", () => {
  const templates = readdirSync(new URL("../../native-messaging/manifests", import.meta.url));
  expect(templates).toContain("chromium.json.in");
  const chromium = JSON.parse(read("native-messaging/manifests/chromium.json.in")) as { allowed_origins: string[]; name: string };
  expect(chromium.allowed_origins).toEqual([`chrome-extension://${id}/`]);
  expect(read("core/ipc/extension_id.h")).toContain(`"${chromium.name}"`);
  const firefox = JSON.parse(read("native-messaging/manifests/firefox.json.in")) as { allowed_extensions: string[] };
  expect(firefox.allowed_extensions).toEqual(["gatehouse@gatehouse.example"]);
});
it("the settings for IT name every site that is guarded by itself", () => {
  const [, list] = /kHosts\{([^}]*)\}/.exec(read("app/cli/browser_policy_settings.cpp")) ?? [];
  const named = [...(list ?? "").matchAll(/"([^"]+)"/g)].map(([, host]) => host);
  expect(named.toSorted()).toEqual(sites.flatMap((site) => site.hosts).toSorted());
});
