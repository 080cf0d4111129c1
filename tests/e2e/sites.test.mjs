// SPDX-License-Identifier: Apache-2.0
// Which pages are guarded, and how they are known: our own list, what policy adds and says anew.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { build } from "esbuild";
import { policy, socketOf, startAgent } from "./agent.mjs";
import { makeFolder, openBrowser, openPage, remove, root } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const folder = makeFolder();
const sites = [
  { name: "In-house", hosts: ["ai.intranet.example"], composer: "#line", send: "#attach", prompts: ["/ask"] },
  { name: "Claude", hosts: ["claude.ai"], guarded: false },
];
let server;
let agent;
let browser;
let person;

before(async () => {
  server = await startServer(folder);
  agent = await startAgent(folder, { ...policy, sites });
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder), isManaged: true });
});
after(async () => {
  await browser?.close();
  await agent?.stop();
  server?.close();
  remove(folder);
});
beforeEach(async () => {
  await person?.page.close();
  person = undefined;
  server.got.length = 0;
});

async function visit(url) {
  person = await Person.at(await openPage(browser, url));
  await person.page.bringToFront();
}
async function typeAndEnter(selector, text) {
  await person.page.focus(selector);
  await person.page.keyboard.type(text);
  await person.page.keyboard.press("Enter");
}
const post = (path, body) => person.page.evaluate((where, what) => fetch(where, { method: "POST", body: what }).then(() => "sent", () => "refused"), path, body);

test("a site that policy adds is guarded like our own, from its first byte", async () => {
  await visit("https://chatgpt.com/"); // wakes the agent's greeting
  await until(() => person.hands.countScripts().then((count) => count === 2), "the scripts of the new site");
  await person.page.close();
  await visit("https://ai.intranet.example/");
  await person.paste("#prompt-textarea", "this is FORBIDDEN here");
  await person.sees("This paste was stopped");
  await person.closeNotice();
  assert.equal(await post("/ask", "FORBIDDEN"), "refused");
  assert.equal(await post("/ask", "Harmless"), "sent");
  assert.deepEqual(server.got.map((each) => each.body), ["Harmless"]);
});

test("and what policy knows of it is used: its editor and its button", async () => {
  await visit("https://ai.intranet.example/");
  await typeAndEnter("#line", "a FORBIDDEN line");
  await person.sees("This message was not sent");
  await person.closeNotice();
  await person.page.click("#attach");
  await person.sees("This message was not sent");
});

test("a worker in it cannot send either", async () => {
  await visit("https://ai.intranet.example/");
  const result = await person.page.evaluate(
    () =>
      new Promise((resolve) => {
        const worker = new Worker(trustedTypes.createPolicy("w", { createScriptURL: (url) => url }).createScriptURL("/worker.js"));
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage({ path: "/ask", body: "FORBIDDEN" });
      }),
  );
  assert.equal(result, "refused");
});

test("a site of our list that policy lets alone is let alone", async () => {
  await visit("https://claude.ai/");
  await person.paste("#area", "FORBIDDEN but not here");
  await until(async () => (await person.value("#area")) !== "", "the text");
  assert.equal(await post("/api/organizations/1/chat_conversations/2/completion", "FORBIDDEN"), "sent");
});

test("of a host that does more than chat, only the chat is guarded", async () => {
  await visit("https://github.com/someone/something");
  await person.paste("#area", "FORBIDDEN in a review");
  await until(async () => (await person.value("#area")) !== "", "the text");
  assert.equal(await post("/someone/something/comments", "this sentence is FORBIDDEN in a chat alone"), "sent");
  await person.page.evaluate(() => history.pushState({}, "", "/copilot/c/1"));
  await person.page.evaluate(() => (document.querySelector("#area").value = ""));
  await person.paste("#area", "FORBIDDEN in the chat");
  await person.sees("This paste was stopped");
  assert.equal(await person.value("#area"), "");
});

test("a field that only a form of the page knows is no composer", async () => {
  await visit("https://chatgpt.com/");
  await typeAndEnter("#line", "FORBIDDEN as a name");
  assert.equal(await person.notice(), "");
});

test("every selector of our list is one that the browser understands", async () => {
  const bundle = await build({ entryPoints: [join(root, "extension/sites/index.ts")], bundle: true, write: false, format: "esm" });
  const list = (await import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString("base64")}`)).sites;
  await visit("https://news.example/");
  const bad = await person.page.evaluate(
    (selectors) => selectors.filter((selector) => { try { document.querySelector(selector); return false; } catch { return true; } }),
    list.flatMap((site) => [site.composer, site.send]),
  );
  assert.deepEqual(bad, []);
});

test("when policy takes a site back, it is left alone", async () => {
  await agent.stop();
  agent = await startAgent(folder, policy);
  await visit("https://chatgpt.com/");
  await until(() => person.hands.countScripts().then((count) => count === 0), "the scripts to go");
  await person.page.close();
  await visit("https://ai.intranet.example/");
  await person.paste("#area", "FORBIDDEN nowhere");
  await until(async () => (await person.value("#area")) !== "", "the text");
});
