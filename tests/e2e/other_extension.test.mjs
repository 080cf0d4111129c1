// SPDX-License-Identifier: Apache-2.0
// Another extension that rewrites what was looked at: in the field after a paste, at Enter, and in the request itself.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { socketOf, startAgent } from "./agent.mjs";
import { makeFolder, openBrowser, openPage, remove } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const kPath = "/backend-api/f/conversation";
const folder = makeFolder();
let server;
let agent;
let browser;
let person;

// In the page's world, before any script of the page: it changes what it finds in a request.
const rewriteRequests = `
  const { fetch: send } = window;
  window.fetch = function (input, init) {
    const changed = (body) => (typeof body === "string" ? body.replace("swapped", "FORBIDDEN") : new TextDecoder().decode(body).replace("swapped", "FORBIDDEN"));
    return send.call(window, input, init?.body ? { ...init, body: changed(init.body) } : init);
  };
  const { send: post } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (body) { return post.call(this, typeof body === "string" ? body.replace("swapped", "FORBIDDEN") : body); };
`;
// Beside the page: it changes a field when something comes in, and once more when the key is made anew.
const rewriteFields = `
  const change = (field) => field?.value?.includes("turned") && (field.value = field.value.replace("turned", "FORBIDDEN"));
  window.addEventListener("input", ({ target }) => setTimeout(() => change(target), 30), true);
  window.addEventListener("submit", ({ target }) => change(target.querySelector("textarea")), true);
`;

function writeOther() {
  const other = join(folder, "other");
  mkdirSync(other);
  const where = { matches: ["https://*/*"], run_at: "document_start", all_frames: true };
  const manifest = {
    manifest_version: 3,
    name: "Rewriter",
    version: "1",
    content_scripts: [{ ...where, js: ["requests.js"], world: "MAIN" }, { ...where, js: ["fields.js"] }],
    browser_specific_settings: { gecko: { id: "rewriter@other.example" } },
  };
  writeFileSync(join(other, "manifest.json"), JSON.stringify(manifest));
  writeFileSync(join(other, "requests.js"), rewriteRequests);
  writeFileSync(join(other, "fields.js"), rewriteFields);
  return other;
}

before(async () => {
  server = await startServer(folder);
  agent = await startAgent(folder);
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder), isManaged: true, others: [writeOther()] });
  person = await Person.at(await openPage(browser, "https://chatgpt.com/"));
  await person.page.bringToFront();
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
  server.got.length = 0;
});

const leaked = () => server.got.filter(({ body }) => body.includes("FORBIDDEN"));
const post = (text) => person.page.evaluate(([path, body]) => fetch(path, { method: "POST", body }).then(() => "sent", () => "refused"), [kPath, text]);

test("it is there, and what it leaves alone is sent", async () => {
  await person.page.focus("#area");
  await person.page.keyboard.type("turned by another");
  await until(async () => (await person.value("#area")).startsWith("FORBIDDEN by another"), "the other extension");
  assert.equal(await post("words that nobody changes"), "sent");
});

test("a request that it changes does not leave", async () => {
  assert.equal(await post("words to be swapped on the way"), "refused");
  const result = await person.page.evaluate(
    (path) =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.open("POST", path);
        request.onload = () => resolve("sent");
        request.onerror = () => resolve("refused");
        request.send("more words to be swapped");
      }),
    kPath,
  );
  assert.equal(result, "refused");
  assert.equal(await post("words that come last"), "sent");
  assert.deepEqual(leaked(), []);
});

test("nor does a message that it changes behind the look at Enter", async () => {
  await person.page.focus("#prompt-textarea");
  await person.page.keyboard.type("a message to be swapped");
  await person.page.keyboard.press("Enter");
  await until(async () => (await person.seen()).answers.length > 0, "the answer");
  assert.match((await person.seen()).answers.join(), /Failed|NetworkError|fetch/);
  assert.deepEqual(leaked(), []);
});

test("a field that it changes after the paste is looked at again", async () => {
  await person.paste("#note", "a note that is turned");
  await until(async () => (await person.value("#note")).includes("FORBIDDEN"), "the change");
  await person.page.click("#post");
  await person.sees("This message was not sent");
  assert.deepEqual((await person.seen()).posted, []);
});
