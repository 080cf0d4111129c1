// SPDX-License-Identifier: Apache-2.0
// The browser's own switch: what no script of ours holds is refused while nobody checks, though nobody installed the extension by
// policy; and what policy adds is closed from the start of the browser until the worker knows it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { policy as usual, socketOf, startAgent } from "./agent.mjs";
import { makeFolder, notInFirefox, openBrowser, openPage, remove } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const folder = makeFolder();
const policy = { ...usual, sites: [...usual.sites, { name: "In-house", hosts: ["ai.intranet.example"], composer: "#line", send: "#attach" }] };
const kPath = "/backend-api/f/conversation";
let server;
let agent;
let browser;
let person;

const open = async (address) => {
  browser ??= await openBrowser({ folder, port: server.port, socket: socketOf(folder) });
  person = await Person.at(await openPage(browser, address));
  await person.page.bringToFront();
};
before(async () => {
  server = await startServer(folder);
  agent = await startAgent(folder, policy);
  await open("https://chatgpt.com/");
});
after(async () => {
  await browser?.close();
  await agent?.stop();
  server?.close();
  remove(folder);
});

const fromWorker = (path, body) =>
  person.page.evaluate(
    ([where, what]) =>
      new Promise((resolve) => {
        const trusted = trustedTypes.createPolicy(`worker${Math.random()}`, { createScriptURL: (url) => url });
        const worker = new Worker(trusted.createScriptURL("/worker.js"));
        worker.onmessage = ({ data }) => (worker.terminate(), resolve(data));
        worker.postMessage({ path: where, body: what });
      }),
    [path, body],
  );

test("while nobody checks, what carries prompts is closed to everything in the page, and opens again by itself", async () => {
  await until(async () => (await fromWorker(kPath, "words of a worker")) === "sent", "the open door");
  await agent.stop();
  await until(async () => (await fromWorker(kPath, "words while nobody checks")) === "refused", "the closed door");
  server.got.length = 0;
  assert.equal(await fromWorker(kPath, "more words of a worker"), "refused");
  assert.equal(await fromWorker("/ces/v1/t", "a measurement"), "sent");
  assert.deepEqual(server.got.map(({ path }) => path), ["/ces/v1/t"]);
  agent = await startAgent(folder, policy);
  await until(async () => (await fromWorker(kPath, "words of a worker once more")) === "sent", "the open door");
});

test("with fail mode open it stays open", async () => {
  await agent.stop();
  agent = await startAgent(folder, { ...policy, fail_mode: "open" });
  await until(async () => (await fromWorker(kPath, "words of a worker")) === "sent", "the agent to be found again");
  await agent.stop();
  await person.paste("#area", "words that nobody looks at"); // held until it is known that nobody is there
  await until(async () => (await person.value("#area")) !== "", "the paste");
  assert.equal(await fromWorker(kPath, "words of a worker while nobody checks"), "sent");
});

const kKept = notInFirefox("it waits for the policy instead");
const inExtension = async (code) => (await (await browser.waitForTarget((target) => target.type() === "service_worker")).worker()).evaluate(code);

test("what policy adds is closed when the browser starts, and lifted by the worker that has read the policy", kKept, async () => {
  agent = await startAgent(folder, policy);
  const filters = () => inExtension("chrome.declarativeNetRequest.getDynamicRules().then((rules) => rules.map(({ condition }) => condition.urlFilter))");
  await until(async () => (await filters()).includes("|https://ai.intranet.example^"), "the rule that is kept");
  await browser.close();
  browser = undefined;
  await agent.stop();
  agent = await startAgent(folder, policy);
  await open("https://ai.intranet.example/");
  assert.deepEqual(await filters(), ["|https://ai.intranet.example^"], "it outlives the browser");
  await until(async () => (await fromWorker("/ask", "words of a worker")) === "sent", "the worker to lift it");
  // As before the worker is there.
  await inExtension("chrome.declarativeNetRequest.getSessionRules().then((rules) => chrome.declarativeNetRequest.updateSessionRules({ removeRuleIds: rules.map(({ id }) => id) }))");
  server.got.length = 0;
  assert.equal(await fromWorker("/ask", "words before the worker knows"), "refused");
  assert.deepEqual(server.got, []);
});
