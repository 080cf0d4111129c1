// SPDX-License-Identifier: Apache-2.0
// Every language says everything, with the same values in it; and nothing is said that no language has.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const folder = join(root, "_locales");
type Messages = Record<string, { message: string }>;
const read = (language: string): Messages => JSON.parse(readFileSync(join(folder, language, "messages.json"), "utf8")) as Messages;
const english = read("en");
const languages = readdirSync(folder);
const valuesIn = (text: string): string[] => [...text.matchAll(/\$\d/g)].map(([value]) => value).sort();

function sourcesIn(place: string): string {
  return readdirSync(place, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? sourcesIn(join(place, entry.name)) : /\.(ts|html|json)$/.test(entry.name) ? readFileSync(join(place, entry.name), "utf8") : ""))
    .join("\n");
}
const sources = sourcesIn(join(root, "src")) + readFileSync(join(root, "manifest.json"), "utf8");

it("there are the languages that we promise", () => {
  expect(languages).toEqual(expect.arrayContaining(["en", "de", "fr", "es", "it", "pl", "pt", "nl", "ja"]));
});
describe.each(languages)("%s", (language) => {
  const messages = read(language);
  it("says everything, in the order of the English", () => {
    expect(Object.keys(messages)).toEqual(Object.keys(english));
  });
  it("has the same values in each", () => {
    for (const [key, { message }] of Object.entries(messages)) {
      expect(valuesIn(message), key).toEqual(valuesIn(english[key]?.message ?? ""));
    }
  });
  it("leaves nothing empty, and no dollar that the browser would read", () => {
    for (const [key, { message }] of Object.entries(messages)) {
      expect(message.trim(), key).not.toBe("");
      expect(message.replace(/\$\d/g, ""), key).not.toContain("$");
    }
  });
  it("is a translation", () => {
    const same = Object.keys(english).filter((key) => messages[key]?.message === english[key]?.message);
    expect(language === "en" || same.length < 12, same.join()).toBe(true);
  });
});
it("nothing is said that is not there", () => {
  const plain = [...sources.matchAll(/\b(?:say|keepWords)\(((?:"[^"]+",? ?)+)/g)].flatMap(([, list]) => [...(list ?? "").matchAll(/"([^"]+)"/g)].map(([, key]) => key ?? ""));
  const made = [...sources.matchAll(/__MSG_(\w+)__|data-say="(\w+)"/g)].map(([, one, other]) => one ?? other ?? "");
  const keys = [...plain, ...made].filter((key) => /^[a-z]+[A-Za-z_]*$/.test(key));
  expect(keys.length).toBeGreaterThan(40);
  expect(keys.filter((key) => !(key in english))).toEqual([]);
});
it("nothing is there that is never said", () => {
  const stems = Object.keys(english).filter((key) => !sources.includes(`"${key}"`) && !sources.includes(`__MSG_${key}__`));
  const unused = stems.filter((key) => !key.includes("_") || !new RegExp(`["\`]${key.split("_")[0]}(["_\`])`).test(sources));
  expect(unused).toEqual([]);
});
