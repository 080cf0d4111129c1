// SPDX-License-Identifier: Apache-2.0
// Whatever is missing or wrong between page and agent: nothing enters, the person is told, and what comes back is used without
// loading the page again.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { socketOf, startAgent } from "./agent.mjs";
import { isFirefox, makeFolder, notInFirefox, openBrowser, openPage, program, remove, root } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const kEditor = "#prompt-textarea";
const folder = makeFolder();
const hostScript = join(folder, "host.sh");
const hostId = join(folder, "host.pid");
let server;
let agent;
let browser;
let person;

// The host that the browser starts from now on; the one that runs is ended.
function useHost(command) {
  writeFileSync(hostScript, `#!/bin/sh\necho $$ >'${hostId}'\nexec ${command}\n`, { mode: 0o755 });
  if (existsSync(hostId)) {
    try {
      process.kill(Number(readFileSync(hostId, "utf8")));
    } catch {
      // gone already
    }
    rmSync(hostId, { force: true });
  }
}
const real = `'${program("native-messaging/gatehouse-native-host")}' "$@"`;
const old = `'${process.execPath}' '${join(import.meta.dirname, "old_host.mjs")}'`;

before(async () => {
  const manifests = join(folder, isFirefox ? ".mozilla/native-messaging-hosts" : "profile/NativeMessagingHosts");
  mkdirSync(manifests, { recursive: true });
  const template = readFileSync(join(root, `native-messaging/manifests/${isFirefox ? "firefox" : "chromium"}.json.in`), "utf8");
  writeFileSync(join(manifests, "com.gatehouse.agent.json"), template.replace("@HOST_PATH@", hostScript));
  useHost(old);
  server = await startServer(folder);
  agent = await startAgent(folder);
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder), hasHost: false });
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

const works = () =>
  until(async () => {
    await person.closeNotice();
    await person.clear();
    await person.paste(kEditor, "harmless words");
    await until(async () => (await person.editor()) !== "" || (await person.notice()) !== "", "an end of the paste");
    return (await person.editor()).includes("harmless words");
  }, "a paste that works");

test("an answer of another protocol is no answer: nothing enters, whatever it says", async () => {
  await person.paste(kEditor, "this is FORBIDDEN and the SECRET plan");
  await person.sees("The check took too long");
  assert.equal(await person.editor(), "");
  assert.deepEqual((await person.seen()).pastes, []);
});

test("nor does it open the door for requests", async () => {
  const sent = await person.page.evaluate(() => fetch("/backend-api/f/conversation", { method: "POST", body: "words that nobody looked at" }).then(() => "sent", () => "refused"));
  assert.equal(sent, "refused");
  assert.deepEqual(server.got, []);
});

test("the right host in its place is used, in the open page", async () => {
  useHost(real);
  await works();
});

test("a host that breaks off in the middle is a no, and the next one is used", async () => {
  useHost("/bin/false");
  await until(async () => {
    await person.closeNotice();
    await person.clear();
    await person.paste(kEditor, "harmless words again");
    await until(async () => (await person.editor()) !== "" || (await person.notice()) !== "", "an end of the paste");
    return (await person.notice()).includes("Gatehouse is not running");
  }, "the missing host");
  assert.equal(await person.editor(), "");
  useHost(real);
  await works();
});

test("an agent that does not answer in time is a no, and is used again when it wakes up", async () => {
  agent.pause();
  try {
    await person.paste(kEditor, "harmless but unanswered");
    await person.sees("The check took too long");
    assert.equal(await person.editor(), "");
  } finally {
    agent.resume();
  }
  await works();
});

// As an update does: the same extension, anew.
const renewExtension = () => browser.installExtension(join(root, `extension/dist/${isFirefox ? "firefox" : "chromium"}`));

test("an extension that is renewed under an open page leaves no gap, and the page works on", async () => {
  await works();
  await person.clear();
  await renewExtension();
  for (let i = 0; i < 5; i += 1) {
    await person.paste(kEditor, "this is FORBIDDEN here");
    await until(async () => (await person.notice()) !== "" || (await person.editor()) !== "", "an end of the paste");
    assert.ok(!(await person.editor()).includes("FORBIDDEN"), "there is no moment in which it enters");
    await person.closeNotice();
  }
  await works();
  await person.paste(kEditor, "this is FORBIDDEN here");
  await person.sees("This paste was stopped"); // in words: an old script cannot ask the browser for them
  await person.closeNotice();
});

test("and what its scripts in the page's own world hold", notInFirefox("it ends the old scripts: requests wait for the page to be loaded again"), async () => {
  const post = (body) => person.page.evaluate((text) => fetch("/backend-api/f/conversation", { method: "POST", body: text }).then(() => "sent", () => "refused"), body);
  assert.equal(await post("words that nobody forbids"), "sent");
  assert.equal(await post("a FORBIDDEN request"), "refused");
  await person.closeNotice();
  await renewExtension();
  assert.equal(await post("another FORBIDDEN request"), "refused");
  await person.closeNotice();
  await until(async () => (await post("words after the second renewal")) === "sent", "the second messenger");
});

test("a page cannot make itself the messenger", async () => {
  const taken = await person.page.evaluate(() => {
    const words = ["", undefined, null, {}, "00000000-0000-4000-8000-000000000000"];
    return words.map((data) => window.dispatchEvent(new MessageEvent("gatehouse:successor", { data, ports: [new MessageChannel().port1], cancelable: true })));
  });
  assert.ok(taken.every(Boolean), "nobody took the port");
});
