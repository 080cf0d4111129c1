// SPDX-License-Identifier: Apache-2.0
// A clipboard that the agent knows before the paste: an allowed paste is the browser's own, anything else is held.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { makeFolder, openPage, remove } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { ScriptedAgent } from "./scripted_agent.mjs";
import { startServer } from "./server.mjs";

const kEditor = "#prompt-textarea";
const folder = makeFolder();
const agent = new ScriptedAgent(folder);
let server;
let browser;
let person;

before(async () => {
  server = await startServer(folder);
  browser = await agent.openBrowser(server.port);
  person = await Person.at(await openPage(browser, "https://chatgpt.com/"));
  await person.page.bringToFront();
  await until(() => agent.count("focus true") > 0, "the focus");
});
after(async () => {
  await browser?.close();
  server?.close();
  remove(folder);
});
beforeEach(() => person.clear());

const pasted = (text) => until(async () => (await person.editor()).includes(text), "the paste");
// The agent's word takes a moment from the worker to the page: pasted until it is there.
async function pasteUntouched(selector, text, html) {
  await until(async () => {
    await person.clear();
    await person.paste(selector, text, html);
    await until(async () => (await person.value(selector)).includes(text), "the paste");
    return (await person.seen()).pastes.every(({ isTrusted }) => isTrusted);
  }, "a paste that passes untouched");
}

test("what the agent has allowed is pasted by the browser itself, with its formats, and recorded all the same", async () => {
  const rich = "<p>plain and <strong>bold</strong></p>";
  // The browser cleans what a page copies: what it makes of it is what the clipboard holds.
  await person.page.evaluate(() => window.addEventListener("paste", (event) => (window.pastedHtml = event.clipboardData.getData("text/html")), { once: true, capture: true }));
  await person.paste(kEditor, "plain and bold", rich);
  await pasted("bold");
  const html = await person.page.evaluate(() => window.pastedHtml);
  assert.match(html, /bold<\/strong>/);
  await person.clear();
  await agent.sees({ text: "plain and bold", html });
  await pasteUntouched(kEditor, "plain and bold", rich);
  assert.equal(await person.page.$eval(`${kEditor} strong`, (element) => element.textContent), "bold");
  const asked = agent.count("verdict paste");
  await person.clear();
  await person.paste(kEditor, "plain and bold", rich);
  await until(() => agent.count("verdict paste") > asked, "the question that makes the record");
  assert.deepEqual((await person.seen()).pastes.map(({ isTrusted }) => isTrusted), [true]);
  assert.equal(await person.notice(), "");
});

test("undo takes it back in one step", async () => {
  await agent.sees({ text: "one step" });
  await pasteUntouched("#area", "one step");
  await person.page.keyboard.down("Control");
  await person.page.keyboard.press("z");
  await person.page.keyboard.up("Control");
  await until(async () => (await person.value("#area")) === "", "the undo");
});

test("another text than the agent looked at is held", async () => {
  await agent.sees({ text: "what the agent saw" });
  await person.paste(kEditor, "what the person pasted");
  await pasted("what the person pasted");
  assert.deepEqual((await person.seen()).pastes.map(({ isTrusted }) => isTrusted), [false]);
});

test("so is one that the agent did not allow, and one whose HTML form it did not see", async () => {
  await agent.sees({ text: "asked about", allowed: false });
  await person.paste(kEditor, "asked about");
  await pasted("asked about");
  await person.clear();
  await agent.sees({ text: "half seen" });
  await person.paste(kEditor, "half seen", "<b>half seen</b>");
  await pasted("half seen");
  assert.ok((await person.seen()).pastes.every(({ isTrusted }) => !isTrusted));
});

test("a page without the focus knows nothing of the clipboard", async () => {
  await agent.sees({ text: "before the other tab" });
  const other = await browser.newPage();
  await other.goto("https://news.example/");
  await other.bringToFront();
  await until(() => agent.count("focus false") > 0, "the end of the focus");
  await other.close();
});
