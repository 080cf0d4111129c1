// SPDX-License-Identifier: Apache-2.0
// Pastes into a real editor in real Chromium, with the real native host and a real agent. Each test asserts what the page got.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { policy, socketOf, startAgent } from "./agent.mjs";
import { makeFolder, openBrowser, openPage, remove, root } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const kEditor = "#prompt-textarea";
const folder = makeFolder();
const pictures = join(root, "build/e2e");
let server;
let agent;
let browser;
let person;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  server = await startServer(folder);
  agent = await startAgent(folder);
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder) });
  person = await Person.at(await openPage(browser, "https://chatgpt.com/"));
});
after(async () => {
  await browser?.close();
  await agent?.stop();
  server?.close();
  remove(folder);
});
beforeEach(async () => {
  await person.closeNotice();
  await person.clear();
});

const shown = (text) => until(async () => (await person.editor()).includes(text), `“${text}” in the editor`);

test("a harmless text is pasted as it is, silently", async () => {
  await person.paste(kEditor, "alpha line1\nline2\n\nline4 end");
  await shown("line4 end");
  assert.equal((await person.editor()).replace(/\n+/g, "|"), "alpha line1|line2|line4 end");
  assert.equal(await person.notice(), "");
  const { pastes } = await person.seen();
  assert.equal(pastes.length, 1);
  assert.equal(pastes[0].isTrusted, false, "the page never saw the person's own paste event");
});

test("what policy replaces is replaced before the page sees anything", async () => {
  await person.paste(kEditor, "😀 the SECRET plan, and SECRET again");
  await shown("again");
  const text = await person.editor();
  assert.match(text, /^😀 the \[\[\w+\]\] plan, and \[\[\w+\]\] again$/);
  assert.ok(!JSON.stringify(await person.seen()).includes("SECRET"));
  await person.sees("things were replaced before pasting");
  await person.page.screenshot({ path: join(pictures, "redacted.png") });
});

test("a blocked text never reaches the page", async () => {
  await person.paste(kEditor, "this is FORBIDDEN here");
  const notice = await person.sees("This paste was stopped");
  assert.ok(!notice.includes("FORBIDDEN"), "the found value is not repeated");
  assert.equal(await person.editor(), "");
  assert.ok(!JSON.stringify(await person.seen()).includes("FORBIDDEN"));
  await person.page.screenshot({ path: join(pictures, "blocked.png") });
});

test("a warning: yes pastes", async () => {
  await person.paste(kEditor, "be CAREFUL with this");
  await person.sees("Paste this into this site?");
  assert.equal(await person.editor(), "");
  await person.page.screenshot({ path: join(pictures, "warn.png") });
  await person.press("Paste anyway");
  await shown("be CAREFUL with this");
});

test("a warning: no does not, and neither does Escape", async () => {
  await person.paste(kEditor, "be CAREFUL again");
  await person.press("Do not paste");
  await until(async () => (await person.notice()) === "", "the dialog to close");
  await person.paste(kEditor, "be CAREFUL once more");
  await person.sees("Paste this into this site?");
  await person.page.keyboard.press("Escape");
  await until(async () => (await person.notice()) === "", "the dialog to close");
  assert.equal(await person.editor(), "");
});

test("a justification needs words, which the page cannot read", async () => {
  await person.paste(kEditor, "there is a REASON for it");
  await person.sees("Why does this need to go to this site?");
  await person.press("Paste with this reason");
  await person.sees("Please write a reason first.");
  assert.equal(await person.editor(), "");
  await person.page.keyboard.type("zebra crossing");
  await person.page.screenshot({ path: join(pictures, "justify.png") });
  await person.press("Paste with this reason");
  await shown("there is a REASON for it");
  const { keys } = await person.seen();
  assert.ok(!keys.some((key) => key.includes("z")), "the page must not see what is typed into our dialog");
});

test("a paste replaces the selection, and one undo takes it back", async () => {
  await person.page.focus(kEditor);
  await person.page.keyboard.type("old text");
  await person.page.keyboard.down("Control");
  await person.page.keyboard.press("a");
  await person.page.keyboard.up("Control");
  await person.paste(kEditor, "new text");
  await shown("new text");
  assert.equal(await person.editor(), "new text");
});

test("plain fields get the redacted text exactly", async () => {
  for (const selector of ["#area", "#line", "#free"]) {
    await person.paste(selector, "a <b>&amp;</b> SECRET z");
    await until(async () => (await person.value(selector)).includes(" z"), `the text in ${selector}`);
    assert.match(await person.value(selector), /^a <b>&amp;<\/b> \[\[\w+\]\] z$/);
  }
});

test("formatting survives when nothing was found in it", async () => {
  await person.paste(kEditor, "bold word", "<p><strong>bold</strong> word</p>");
  await shown("bold word");
  assert.equal(await person.page.$eval(`${kEditor} strong`, (element) => element.textContent), "bold");
  await person.clear();
  await person.paste(kEditor, "bold word", "<p title='SECRET'><strong>bold</strong> word</p>");
  await shown("bold word");
  assert.equal(await person.page.$(`${kEditor} strong`), null);
});

test("a long text of many lines arrives whole", async () => {
  const text = Array.from({ length: 3700 }, (_, line) => `line ${line} of some length`).join("\n");
  await person.paste("#area", text);
  await until(async () => (await person.value("#area")).length > 0, "the text");
  assert.equal(await person.value("#area"), text);
});

test("a text above the cap is not pasted", async () => {
  await person.paste("#area", "x".repeat(800 * 1024));
  await person.sees("too large to check at once");
  assert.equal(await person.value("#area"), "");
});

test("a script of the page can neither paste nor press our buttons", async () => {
  await person.paste(kEditor, "be CAREFUL of scripts");
  await person.sees("Paste this into this site?");
  await person.page.evaluate(() => {
    for (const element of document.documentElement.children) {
      element.click?.();
      element.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, composed: true }));
    }
  });
  assert.equal(await person.page.evaluate(() => [...document.documentElement.children].some((element) => element.shadowRoot)), false);
  await person.press("Do not paste");
  assert.equal(await person.editor(), "");
});

test("other sites are left alone", async () => {
  const page = await openPage(browser, "https://news.example/");
  const other = await Person.at(page);
  await other.paste("#area", "FORBIDDEN elsewhere");
  await until(async () => (await other.value("#area")) !== "", "the text");
  assert.deepEqual((await other.seen()).pastes.map((paste) => paste.isTrusted), [true]);
  await page.close();
  await person.page.bringToFront();
});

test("every decision lies in the audit", async () => {
  await person.paste(kEditor, "an audited SECRET");
  await shown("an audited");
  await until(async () => {
    const records = agent.audit();
    return records.some((record) => record.site === "chatgpt.com" && record.action === "redact") ? records : undefined;
  }, "the record");
});

test("without an agent nothing is pasted; when it is back, it is", async () => {
  await agent.stop();
  await person.paste(kEditor, "nobody looks at this");
  await person.sees("Gatehouse is not running");
  assert.equal(await person.editor(), "");
  assert.ok(!JSON.stringify(await person.seen()).includes("nobody looks"));
  await person.page.screenshot({ path: join(pictures, "agent_missing.png") });
  await person.closeNotice();
  agent = await startAgent(folder);
  await until(async () => {
    await person.paste(kEditor, "somebody looks again");
    await new Promise((resolve) => setTimeout(resolve, 500));
    return (await person.editor()).includes("somebody looks again");
  }, "the agent to be found again");
});

test("with fail mode open, pastes go through while the agent is away", async () => {
  await agent.stop();
  agent = await startAgent(folder, { ...policy, fail_mode: "open" });
  await until(async () => {
    await person.clear();
    await person.paste(kEditor, "asked while open");
    await new Promise((resolve) => setTimeout(resolve, 500));
    return (await person.editor()).includes("asked while open");
  }, "the agent to be found again");
  await agent.stop();
  await person.clear();
  await person.paste(kEditor, "nobody looked at this");
  await shown("nobody looked at this");
  agent = await startAgent(folder);
});
