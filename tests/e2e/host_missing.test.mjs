// SPDX-License-Identifier: Apache-2.0
// A browser on a machine where the native host is not installed, and no policy was ever known: closed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { socketOf } from "./agent.mjs";
import { makeFolder, openBrowser, openPage, remove } from "./browser.mjs";
import { Person } from "./person.mjs";
import { startServer } from "./server.mjs";

const folder = makeFolder();
let server;
let browser;
let person;

before(async () => {
  server = await startServer(folder);
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder), hasHost: false });
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
