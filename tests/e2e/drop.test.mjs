// SPDX-License-Identifier: Apache-2.0
// Text dragged onto a guarded site, from another window and inside of the page. The browser makes the drag events itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { policy, startAgent } from "./agent.mjs";
import { notInFirefox } from "./browser.mjs";
import { until } from "./person.mjs";
import { setStage } from "./stage.mjs";

const kEditor = "#prompt-textarea";
let person;
const stage = setStage((all) => {
  ({ person } = all);
});
const { folder } = stage;

const shown = (text) => until(async () => (await person.editor()).includes(text), `“${text}” in the editor`);
const pageKnows = async (text) => JSON.stringify(await person.seen()).includes(text);

test("a harmless text is dropped as it is, silently", async () => {
  await person.drop(kEditor, "alpha line1\nline2");
  await shown("line2");
  assert.equal((await person.editor()).replace(/\n+/g, "|"), "alpha line1|line2");
  assert.equal(await person.notice(), "");
  assert.deepEqual((await person.seen()).drops, [], "the page never saw the person's own drop");
});

test("what policy replaces is replaced before the page sees anything", async () => {
  for (const [selector, value] of [[kEditor, () => person.editor()], ["#area", () => person.value("#area")], ["#free", () => person.value("#free")]]) {
    await person.drop(selector, "the SECRET plan");
    await until(async () => (await value()).includes(" plan"), `the text in ${selector}`);
    assert.match(await value(), /the \[\[\w+\]\] plan/);
    await person.sees("replaced before");
    await person.closeNotice();
  }
  assert.ok(!(await pageKnows("SECRET")));
});

test("a blocked text never reaches the page", async () => {
  await person.drop(kEditor, "this is FORBIDDEN here", "<b>this is FORBIDDEN here</b>");
  const notice = await person.sees("was stopped");
  assert.ok(!notice.includes("FORBIDDEN"));
  assert.equal(await person.editor(), "");
  assert.ok(!(await pageKnows("FORBIDDEN")));
});

test("what only the HTML form or an address says is looked at too", async () => {
  await person.drop(kEditor, "", "<p>this is FORBIDDEN here</p>");
  await person.sees("was stopped");
  await person.closeNotice();
  await person.dropItems(kEditor, [{ mimeType: "text/uri-list", data: "https://example.com/FORBIDDEN" }]);
  await person.sees("was stopped");
  assert.equal(await person.editor(), "");
  assert.ok(!(await pageKnows("FORBIDDEN")));
});

test("a text lands where it was dropped", async () => {
  await person.page.focus("#area");
  await person.page.keyboard.type("before behind");
  await person.page.keyboard.press("Home");
  await person.drop("#area", " dropped", undefined, { x: 0.95, y: 0.15 }); // right of the last word of the first line
  await until(async () => (await person.value("#area")).includes("dropped"), "the text");
  assert.equal(await person.value("#area"), "before behind dropped");
});

test("a warning is asked, and yes drops", async () => {
  await person.drop(kEditor, "be CAREFUL with this");
  await person.sees("into this site?");
  assert.equal(await person.editor(), "");
  await person.press("Paste anyway");
  await shown("be CAREFUL with this");
});

// WebDriver cannot pull things with the mouse in Firefox.
const needsMouse = notInFirefox("no drags with the mouse");

test("what the page itself has may be moved about in it", needsMouse, async () => {
  await person.page.focus("#line");
  await person.page.keyboard.type("FORBIDDEN");
  await person.dragOwn("#line", "#area");
  await until(async () => (await person.value("#area")).includes("FORBIDDEN"), "the page's own text");
  assert.equal(await person.notice(), "");
});

// Handlers like ondragstart="return false" are common; no dragend follows then.
test("a drag that the page gave up, or whose end is not told, does not open the door", needsMouse, async () => {
  await person.page.evaluate(() => {
    const line = document.querySelector("#line");
    line.addEventListener("dragstart", (event) => event.preventDefault(), { once: true });
  });
  await person.page.focus("#line");
  await person.page.keyboard.type("harmless");
  await person.dragOwn("#line");
  await person.drop(kEditor, "this is FORBIDDEN here");
  await person.sees("was stopped");
  assert.equal(await person.editor(), "");
  await person.closeNotice();

  // The source goes away in the middle: no dragend either.
  await person.page.evaluate(() => {
    const line = document.querySelector("#line");
    document.querySelector("#area").addEventListener("drop", () => line.remove(), { once: true });
  });
  await person.dragOwn("#line", "#area");
  await until(async () => (await person.value("#area")).includes("harmless"), "the page's own text");
  await person.drop(kEditor, "this is FORBIDDEN too");
  await person.sees("was stopped");
  assert.equal(await person.editor(), "");
  assert.ok(!(await pageKnows("FORBIDDEN")));
  await person.page.reload();
  await person.page.waitForFunction(() => typeof window.editorText === "function");
});

test("a drop that a script makes up is the page's own business", async () => {
  await person.page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData("text/plain", "FORBIDDEN but its own");
    document.querySelector("#area").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  });
  assert.deepEqual((await person.seen()).drops.map((drop) => drop.isTrusted), [false]);
  assert.equal(await person.notice(), "");
});

test("without an agent nothing is dropped", async () => {
  await stage.agent.stop();
  await person.drop(kEditor, "nobody looks at this");
  await person.sees("Gatehouse is not running");
  assert.equal(await person.editor(), "");
  assert.ok(!(await pageKnows("nobody looks")));
  stage.agent = await startAgent(folder);
});
