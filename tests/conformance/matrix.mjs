// SPDX-License-Identifier: Apache-2.0
// Cells of docs/compatibility.md: surface × feature × client, each a test against a provider of the same interface and one of another.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const PAGE = fileURLToPath(new URL("../../docs/compatibility.md", import.meta.url));
const BEGIN = "<!-- written by tests/conformance/matrix.test.mjs -->\n", END = "<!-- end -->\n";

const surfaces = new Map(); // name → { features: Map(name → Map(client → Cell)), clients: Set }
const reasons = [];

/** What a test gives back when the request was refused before it reached a provider. */
export class Refused {
  constructor(reason) { this.reason = reason; }
}

function place(surface, feature, client) {
  if (!surfaces.has(surface)) surfaces.set(surface, { features: new Map(), clients: new Set() });
  const { features, clients } = surfaces.get(surface);
  clients.add(client);
  if (!features.has(feature)) features.set(feature, new Map());
  return features.get(feature);
}

/** Declares a cell. `kinds`: providers of the same interface and of another (null: there is none). `run(model)` asserts. */
export function cell(surface, feature, client, kinds, run) {
  const outcome = { same: "failed", other: kinds[1] === null ? null : "failed" };
  place(surface, feature, client).set(client, outcome);
  for (const [side, kind] of [["same", kinds[0]], ["other", kinds[1]]]) {
    if (kind === null) continue;
    test(`${surface}: ${feature}, ${client}, behind it ${kind}`, async () => {
      const result = await run(kind);
      outcome[side] = result instanceof Refused ? result.reason : "passed";
    });
  }
}

/** A cell that no test can fill. */
export function impossible(surface, feature, client, why) {
  place(surface, feature, client).set(client, { why });
}

function noted(reason) {
  if (!reasons.includes(reason)) reasons.push(reason);
  return `<sup>${reasons.indexOf(reason) + 1}</sup>`;
}

function word(outcome) {
  if (outcome === undefined) return "";
  if (outcome.why) return `not possible${noted(outcome.why)}`;
  const say = (state) => (state === "passed" || state === "failed" ? state : `refused${noted(state)}`);
  const same = say(outcome.same), other = outcome.other === null ? null : say(outcome.other);
  return other === null || other === same ? same : `${same}; translated: ${other}`;
}

/** The tables in Markdown. */
export function written() {
  reasons.length = 0;
  const lines = [];
  for (const [surface, { features, clients }] of surfaces) {
    const names = [...clients];
    lines.push(`### ${surface}`, "", `| feature | ${names.map((name) => `\`${name}\``).join(" | ")} |`, `|---|${names.map(() => "---|").join("")}`);
    for (const [feature, cells] of features) lines.push(`| ${feature} | ${names.map((name) => word(cells.get(name))).join(" | ")} |`);
    lines.push("");
  }
  return lines.join("\n") + "\n" + reasons.map((reason, index) => `${index + 1}. ${reason}`).join("\n") + "\n";
}

/** Compares the page with what the tests showed, or writes it (GATEHOUSE_WRITE_PAGES=1). */
export function checkPage() {
  const page = readFileSync(PAGE, "utf8");
  const begin = page.indexOf(BEGIN) + BEGIN.length, end = page.indexOf(END, begin);
  assert.ok(begin >= BEGIN.length && end >= begin, "the page has no place for the tables");
  if (process.env.GATEHOUSE_WRITE_PAGES) writeFileSync(PAGE, page.slice(0, begin) + "\n" + written() + "\n" + page.slice(end));
  else assert.equal(page.slice(begin, end), "\n" + written() + "\n", "docs/compatibility.md is not what the tests show; GATEHOUSE_WRITE_PAGES=1 writes it");
}
