// SPDX-License-Identifier: Apache-2.0
// What people can do with a text that was held: have it with placeholders, change it, take it to a local model; by keyboard
// alone; in their own language. And what they are shown of what is managed.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { policy as usual } from "./agent.mjs";
import { extensionId, root } from "./browser.mjs";
import { until } from "./person.mjs";
import { setStage } from "./stage.mjs";

const kEditor = "#prompt-textarea";
const pictures = join(root, "build/e2e");
const policy = {
  ...usual,
  detectors: { words: [...usual.detectors.words, { id: "home", class: "confidential", words: ["HOMEWORD"] }] },
  rules: [{ id: "home", when: { detector: "custom.policy.home" }, then: "route-local", message: "Only here." }, ...usual.rules],
  browser: { answers: "flag", unlisted: "warn" },
};
mkdirSync(pictures, { recursive: true });

let person;
let stage;
setStage((ready) => ((stage = ready), (person = ready.person)), { policy, language: "de" });

const shown = (text) => until(async () => (await person.editor()).includes(text), `“${text}” in the editor`);
async function pressKeys(...keys) {
  for (const key of keys) {
    await person.page.keyboard.press(key);
  }
}

test("instead of pasting anyway it can be pasted with placeholders", async () => {
  await person.paste(kEditor, "be CAREFUL with this");
  await person.press("Mit Platzhaltern einfügen");
  await shown("with this");
  assert.match(await person.editor(), /^be \[\[\w+\]\] with this$/);
  await person.sees("1 Stelle wurde vor dem Einfügen ersetzt");
});

test("nobody needs a reason for placeholders", async () => {
  await person.paste(kEditor, "this REASON is private");
  await person.sees("Warum muss das auf diese Seite?");
  await person.page.screenshot({ path: join(pictures, "justify-de.png") });
  await person.press("Mit Platzhaltern einfügen");
  await shown("is private");
  assert.ok(!(await person.editor()).includes("REASON"));
});

test("a text that was stopped can be changed where the page does not see it", async () => {
  await person.paste(kEditor, "this FORBIDDEN word");
  await person.sees("Dieses Einfügen wurde angehalten");
  await person.press("Text bearbeiten");
  await person.sees("Ändern Sie den Text");
  await person.page.screenshot({ path: join(pictures, "edit-de.png") });
  await person.page.keyboard.down("Control");
  await pressKeys("a");
  await person.page.keyboard.up("Control");
  await person.page.keyboard.type("a better word");
  await person.press("Prüfen und einfügen");
  await shown("a better word");
  const seen = JSON.stringify(await person.seen());
  assert.ok(!seen.includes("FORBIDDEN"), "the page did not see the text");
  assert.ok(!(await person.seen()).keys.some((key) => key === "keydown:b"), "nor the keys");
});

test("what was changed is looked at again", async () => {
  await person.paste(kEditor, "this FORBIDDEN word");
  await person.press("Text bearbeiten");
  await person.page.keyboard.type("still ");
  await person.press("Prüfen und einfügen");
  await person.sees("Dieses Einfügen wurde angehalten");
  assert.equal(await person.editor(), "");
});

test("a text for local models is taken along, by the clipboard where there are no windows", async () => {
  await person.paste(kEditor, "my HOMEWORD letter");
  await person.press("Lokales Modell fragen");
  await person.sees("Der Text liegt in der Zwischenablage");
  assert.equal(await person.editor(), "");
});

test("a question is answered by keyboard alone: Tab goes round the buttons, Escape means no", async () => {
  await person.paste(kEditor, "be CAREFUL please");
  await person.sees("In diese Seite einfügen?");
  await pressKeys("Tab", "Tab", "Enter"); // from "no" over "with placeholders" to "yes"
  await shown("be CAREFUL please");
  await person.clear();
  await person.paste(kEditor, "be CAREFUL once more");
  await person.sees("In diese Seite einfügen?");
  await pressKeys("Escape");
  await until(async () => (await person.notice()) === "", "the end of the question");
  assert.equal(await person.editor(), "");
});

test("screen readers are told: a name and a description for the question, a live region for the notice", async () => {
  await person.paste(kEditor, "this FORBIDDEN word");
  await person.sees("Dieses Einfügen wurde angehalten");
  const attributes = (await person.nodes()).map((node) => (node.attributes ?? []).join(" "));
  assert.ok(attributes.some((each) => each.includes("role alert") && each.includes("aria-live assertive")));
  await person.closeNotice();
  await person.paste(kEditor, "this REASON is private");
  await person.sees("Warum muss das");
  const dialog = (await person.nodes()).find((node) => node.localName === "dialog");
  assert.match((dialog.attributes ?? []).join(" "), /aria-labelledby title aria-describedby why/);
  await pressKeys("Escape");
});

test("the options page says what is managed, and cannot change it", async () => {
  const page = await stage.browser.newPage();
  try {
    await page.goto(`chrome-extension://${extensionId}/options.html`);
    const text = await until(async () => {
      const all = await page.evaluate(() => document.body.innerText);
      return all.includes("ChatGPT") && all;
    }, "the list of sites");
    for (const line of ["wird nichts durchgelassen", "werden auf Geheimes geprüft", "werden gemeldet und geschützt", "chatgpt.com"]) {
      assert.ok(text.includes(line), line);
    }
    assert.equal(await page.evaluate(() => document.querySelectorAll("input, select, textarea, button").length), 0);
    await page.screenshot({ path: join(pictures, "options-de.png") });
  } finally {
    await page.close();
  }
});
