// SPDX-License-Identifier: Apache-2.0
// The button's small window: what it says of the page in front, the agent, and what was decided.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { socketOf, startAgent } from "./agent.mjs";
import { extensionId, makeFolder, openBrowser, openPage, remove, root } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const folder = makeFolder();
let server;
let agent;
let browser;
let person;
let popup;

before(async () => {
  server = await startServer(folder);
  agent = await startAgent(folder);
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder) });
  person = await Person.at(await openPage(browser, "https://chatgpt.com/"));
  popup = await browser.newPage();
  await popup.goto(`chrome-extension://${extensionId}/popup.html`);
});
after(async () => {
  await browser?.close();
  await agent?.stop();
  server?.close();
  remove(folder);
});

// As when the button is pressed over a page that is in front. A reload begins some time after it was asked for: what the document
// from before says (that the popup itself is in front) is not waited for.
async function openOver(page) {
  await page.bringToFront();
  await popup.evaluate(() => {
    window.isFromBefore = true;
    location.reload();
  });
  const said = () =>
    !window.isFromBefore && document.body.className && document.querySelector("#decisions li") ? document.body.innerText : "";
  return until(() => popup.evaluate(said).catch(() => ""), "the popup");
}
// All of them at once, as soon as the worker knows.
const says = (page, ...patterns) =>
  until(async () => {
    const text = await openOver(page);
    return patterns.every((pattern) => pattern.test(text)) && text;
  }, patterns.join(" and "));
const badge = async () => (await (await browser.waitForTarget((target) => target.type() === "service_worker")).worker()).evaluate("chrome.action.getBadgeText({})");

test("says that the page is guarded, and who guards", async () => {
  await says(person.page, /The agent is running\./, /ChatGPT is guarded/, /policy e2e#/, /Nothing yet\./);
});

test("says what was decided, never what was found", async () => {
  await person.paste("#prompt-textarea", "the SECRET plan");
  await person.sees("replaced before pasting");
  await person.closeNotice();
  await person.paste("#prompt-textarea", "this is FORBIDDEN");
  await person.sees("This paste was stopped");
  const text = await says(person.page, /Paste on chatgpt\.com: private values replaced/, /Paste on chatgpt\.com: stopped/);
  assert.ok(!/SECRET|FORBIDDEN/.test(text));
  mkdirSync(join(root, "build/e2e"), { recursive: true });
  await popup.setViewport({ width: 352, height: 420 });
  await popup.screenshot({ path: join(root, "build/e2e/popup.png") });
});

test("says that another page is left alone", async () => {
  const other = await openPage(browser, "https://news.example/");
  await says(other, /news\.example is not an AI site that is guarded/);
  await other.close();
});

test("says when nobody checks, on the button too", async () => {
  assert.equal(await badge(), "");
  await agent.stop();
  await until(async () => (await badge()) === "!", "the badge");
  await says(person.page, /The agent is not running\. Nothing can be sent/);
  agent = await startAgent(folder);
  await until(async () => (await badge()) === "", "the badge to go");
});
