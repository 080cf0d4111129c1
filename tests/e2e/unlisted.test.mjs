// SPDX-License-Identifier: Apache-2.0
// AI sites that no list names, found by what they send: warned of and guarded, or blocked, as policy says; and what nobody
// can look into is noted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { policy as usual, startAgent, socketOf } from "./agent.mjs";
import { isFirefox, makeFolder, openBrowser, openPage, remove } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const kEditor = "#prompt-textarea";
const prompt = (text) => JSON.stringify({ model: "m", messages: [{ role: "user", content: text }] });
const post = (person, body) =>
  person.page.evaluate((text) => fetch("/send", { method: "POST", body: text }).then(() => "sent", () => "refused"), body);

async function withBrowser(unlisted, isManaged, body) {
  const folder = makeFolder();
  const server = await startServer(folder);
  let agent;
  let browser;
  try {
    agent = await startAgent(folder, { ...usual, sites: [{ name: "In-house", hosts: ["ai.intranet.example"] }], browser: { unlisted } });
    browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder), isManaged });
    // Policy has arrived where the site that it adds has our scripts.
    const listed = await Person.at(await openPage(browser, "https://chatgpt.com/"));
    await until(() => listed.hands.countScripts().then((count) => count === 2), "the policy");
    await body({ server, agent, browser, person: await Person.at(await openPage(browser, "https://news.example/")) });
  } finally {
    await browser?.close();
    await agent?.stop();
    server.close();
    remove(folder);
  }
}
const events = (agent) => agent.audit().filter((row) => row.kind === "event").map((row) => `${row.outcome} ${row.reason}`);

test("warn: it is reported, the person is told, and it is guarded from then on", async () => {
  await withBrowser("warn", false, async ({ agent, person, server }) => {
    assert.equal(await post(person, JSON.stringify({ q: "shoes" })), "sent");
    await person.paste(kEditor, "the SECRET plan");
    await until(async () => (await person.editor()).includes("SECRET"), "the paste into a page that nobody guards");
    assert.equal(await post(person, prompt("hello there")), "sent");
    await person.sees("This looks like an AI site that your organisation does not know");
    await until(() => events(agent).includes("unlisted_ai site=news.example"), "the report");
    await person.closeNotice();
    await person.clear();
    server.got.length = 0;
    await until(async () => {
      await person.clear();
      await person.paste(kEditor, "another SECRET plan");
      await until(async () => (await person.editor()).includes("plan"), "the paste");
      return /another \[\[\w+\]\] plan/.test(await person.editor());
    }, "the guarded paste");
    assert.equal(events(agent).filter((row) => row.startsWith("unlisted_ai")).length, 1);
  });
});

test("block: nothing that looks like a prompt leaves, the first request included, and nothing is let in", async () => {
  await withBrowser("block", true, async ({ agent, person, server }) => {
    assert.equal(await post(person, JSON.stringify({ page: 2 })), "sent");
    server.got.length = 0;
    assert.equal(await post(person, prompt("hello there")), "refused");
    await person.sees("Nothing can be sent to it");
    assert.deepEqual(server.got, []);
    await until(() => events(agent).includes("unlisted_refused site=news.example"), "the report");
    await person.closeNotice();
    await person.paste(kEditor, "quite harmless");
    await person.sees("Nothing can be sent to it");
    assert.equal(await person.editor(), "");
  });
});

test("a guarded page that listens to the person is noted, and so are bytes that the browser does not show (Firefox shows them)", async () => {
  await withBrowser("report", true, async ({ agent, browser }) => {
    const page = await openPage(browser, "https://chatgpt.com/");
    await page.evaluate(() => navigator.mediaDevices.getUserMedia({ audio: true }).then(() => undefined, () => undefined));
    await until(() => events(agent).includes("voice_unseen site=chatgpt.com"), "the note about voice");
    if (isFirefox) {
      return;
    }
    // A worker's stream is seen by neither line.
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          const code = "fetch('https://chatgpt.com/backend-api/f/conversation', { method: 'POST', body: new Blob(['SECRET']) }).then(() => postMessage(1), () => postMessage(0))";
          const policy = trustedTypes.createPolicy("w", { createScriptURL: (url) => url });
          new Worker(policy.createScriptURL(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))).onmessage = resolve;
        }),
    );
    await until(() => events(agent).includes("upload_unseen site=chatgpt.com"), "the note about bytes");
  });
});
