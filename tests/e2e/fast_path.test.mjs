// SPDX-License-Identifier: Apache-2.0
// A clipboard that the agent knows before the paste: an allowed paste is the browser's own, anything else is held.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { extensionId, makeFolder, openBrowser, openPage, remove } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const kEditor = "#prompt-textarea";
const folder = makeFolder();
const script = join(folder, "clip.json");
let server;
let browser;
let person;

const log = () => (existsSync(`${script}.log`) ? readFileSync(`${script}.log`, "utf8").split("\n") : []);
const count = (line) => log().filter((each) => each.startsWith(line)).length;
async function agentSees(clip) {
  const before = count("clip");
  writeFileSync(script, JSON.stringify(clip));
  await until(() => count("clip") > before, "the agent's word on the clipboard");
  await new Promise((resolve) => setTimeout(resolve, 100)); // from the worker to the page
}

before(async () => {
  writeFileSync(script, JSON.stringify({ text: "" }));
  const host = join(folder, "host.sh");
  writeFileSync(host, `#!/bin/sh\nGATEHOUSE_SCRIPT='${script}' exec '${process.execPath}' '${join(import.meta.dirname, "scripted_host.mjs")}'\n`);
  chmodSync(host, 0o755);
  const manifests = join(folder, "profile/NativeMessagingHosts");
  mkdirSync(manifests, { recursive: true });
  const manifest = { name: "com.gatehouse.agent", description: "A scripted agent", path: host, type: "stdio", allowed_origins: [`chrome-extension://${extensionId}/`] };
  writeFileSync(join(manifests, "com.gatehouse.agent.json"), JSON.stringify(manifest));
  server = await startServer(folder);
  browser = await openBrowser({ folder, port: server.port, socket: "", hasHost: false });
  person = await Person.at(await openPage(browser, "https://chatgpt.com/"));
  await person.page.bringToFront();
  await until(() => count("focus true") > 0, "the focus");
});
after(async () => {
  await browser?.close();
  server?.close();
  remove(folder);
});
beforeEach(() => person.clear());

const pasted = (text) => until(async () => (await person.editor()).includes(text), "the paste");

test("what the agent has allowed is pasted by the browser itself, with its formats, and recorded all the same", async () => {
  const rich = "<p>plain and <strong>bold</strong></p>";
  // The browser cleans what a page copies: what it makes of it is what the clipboard holds.
  await person.page.evaluate(() => window.addEventListener("paste", (event) => (window.pastedHtml = event.clipboardData.getData("text/html")), { once: true, capture: true }));
  await person.paste(kEditor, "plain and bold", rich);
  await pasted("bold");
  const html = await person.page.evaluate(() => window.pastedHtml);
  assert.match(html, /bold<\/strong>/);
  await person.clear();
  await agentSees({ text: "plain and bold", html });
  const asked = count("verdict paste");
  await person.paste(kEditor, "plain and bold", rich);
  await pasted("bold");
  const { pastes } = await person.seen();
  assert.deepEqual(pastes.map(({ isTrusted }) => isTrusted), [true]);
  await until(() => count("verdict paste") > asked, "the question that makes the record");
  assert.equal(await person.notice(), "");
});

test("undo takes it back in one step", async () => {
  await agentSees({ text: "one step" });
  await person.paste("#area", "one step");
  await until(async () => (await person.value("#area")) === "one step", "the paste");
  await person.page.keyboard.down("Control");
  await person.page.keyboard.press("z");
  await person.page.keyboard.up("Control");
  await until(async () => (await person.value("#area")) === "", "the undo");
});

test("another text than the agent looked at is held", async () => {
  await agentSees({ text: "what the agent saw" });
  await person.paste(kEditor, "what the person pasted");
  await pasted("what the person pasted");
  assert.deepEqual((await person.seen()).pastes.map(({ isTrusted }) => isTrusted), [false]);
});

test("so is one that the agent did not allow, and one whose HTML form it did not see", async () => {
  await agentSees({ text: "asked about", allowed: false });
  await person.paste(kEditor, "asked about");
  await pasted("asked about");
  await person.clear();
  await agentSees({ text: "half seen" });
  await person.paste(kEditor, "half seen", "<b>half seen</b>");
  await pasted("half seen");
  assert.ok((await person.seen()).pastes.every(({ isTrusted }) => !isTrusted));
});

test("a page without the focus knows nothing of the clipboard", async () => {
  await agentSees({ text: "before the other tab" });
  const other = await browser.newPage();
  await other.goto("https://news.example/");
  await other.bringToFront();
  await until(() => count("focus false") > 0, "the end of the focus");
  await other.close();
});
