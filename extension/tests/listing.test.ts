// SPDX-License-Identifier: Apache-2.0
// What the stores are told is what the extension is.
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const listing = read("docs/store-listing.md");
const manifest = JSON.parse(read("extension/manifest.json")) as { permissions: string[] };
const words = (language: string): Record<string, { message: string }> => JSON.parse(read(`extension/_locales/${language}/messages.json`)) as Record<string, { message: string }>;
const said = (language: string, key: string): string => words(language)[key]?.message ?? "";

it("every permission is explained, and no other", () => {
  const table = listing.slice(listing.indexOf("## Permissions"), listing.indexOf("## Data"));
  const rows = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names]) => [...(names ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(rows.toSorted()).toEqual([...manifest.permissions, "https://*/*", "wss://*/*"].toSorted());
});
it("the summary is the manifest's, and fits", () => {
  expect(listing).toContain(`**Name**: ${said("en", "appName")}\n`);
  expect(listing).toContain(said("en", "appDescription"));
  for (const language of readdirSync(new URL("../_locales", import.meta.url))) {
    expect(said(language, "appDescription").length, language).toBeLessThanOrEqual(132);
  }
});
it("what Firefox is told stands in its manifest", () => {
  const [, list] = /data_collection_permissions: (\{[^}]*\})/.exec(read("extension/build.mjs")) ?? [];
  expect(listing).toContain((list ?? "missing").replace(/^\{ | \}$/g, ""));
});
