// SPDX-License-Identifier: Apache-2.0
// A browser on a machine where the native host is not installed, and no policy was ever known: closed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { socketOf } from "./agent.mjs";
import { makeFolder, openBrowser, openPage, remove } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const folder = makeFolder();
let server;
let browser;
let person;

before(async () => {
  server = await startServer(folder);
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder), hasHost: false, isManaged: true, idle: 1000 });
  person = await Person.at(await openPage(browser, "https://chatgpt.com/"));
});
after(async () => {
  await browser?.close();
  server?.close();
  remove(folder);
});

test("nothing is pasted, and the person is told", async () => {
  await person.paste("#prompt-textarea", "hello");
  await person.sees("Gatehouse is not running");
  assert.equal(await person.editor(), "");
  assert.deepEqual((await person.seen()).pastes, []);
});

test("and nothing leaves, even when the extension has fallen asleep", async () => {
  await until(() => person.hands.isAsleep(), "the extension to sleep");
  const sent = await person.page.evaluate(
    () =>
      new Promise((resolve) => {
        const worker = new Worker(trustedTypes.createPolicy("w", { createScriptURL: (url) => url }).createScriptURL("/worker.js"));
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage({ path: "/backend-api/f/conversation", body: "anything that nobody looked at" });
      }),
  );
  assert.equal(sent, "refused");
  assert.deepEqual(server.got, []);
});
