// SPDX-License-Identifier: Apache-2.0
// As where policy installed the extension, it may stop requests in the browser itself: what no script in the page can hold
// (workers, forms) does not leave either.
import assert from "node:assert/strict";
import { test } from "node:test";
import { policy, startAgent } from "./agent.mjs";
import { isFirefox, openPage } from "./browser.mjs";
import { until } from "./person.mjs";
import { setStage } from "./stage.mjs";

const kPath = "/backend-api/f/conversation";
let server;
let browser;
let person;
const stage = setStage((all) => {
  ({ server, browser, person } = all);
}, { isManaged: true });
const { folder } = stage;

const received = (text) => server.got.some((each) => decodeURIComponent(each.body.replaceAll("+", " ")).includes(text));
const isReceived = (text) => until(() => received(text), `“${text}” at the server`);
const fromWorker = (body, path = kPath) =>
  person.page.evaluate(
    ([where, what]) =>
      new Promise((resolve) => {
        const policy = trustedTypes.createPolicy(`worker${Math.random()}`, { createScriptURL: (url) => url });
        const worker = new Worker(policy.createScriptURL("/worker.js"));
        worker.onmessage = ({ data }) => (worker.terminate(), resolve(data));
        worker.postMessage({ path: where, body: what });
      }),
    [path, body],
  );
const post = (text, target) =>
  person.page.evaluate(
    ([path, value, name]) => {
      document.querySelector("#sink")?.remove();
      const sink = Object.assign(document.createElement("iframe"), { name: "sink", id: "sink" });
      const form = Object.assign(document.createElement("form"), { method: "post", action: path, target: name });
      form.append(Object.assign(document.createElement("input"), { name: "text", value }));
      form.addEventListener("submit", (event) => event.stopPropagation()); // so that no script of ours hears of it
      document.body.append(sink, form);
      form.requestSubmit();
      form.remove();
    },
    [kPath, text, target],
  );

test("what is typed and let go is sent as ever", async () => {
  await person.page.focus("#prompt-textarea");
  await person.page.keyboard.type("a harmless message with policy");
  await person.page.keyboard.press("Enter");
  await isReceived("a harmless message with policy");
  const answers = await until(async () => ((all) => all.length > 0 && all)((await person.seen()).answers), "the answer");
  assert.deepEqual(answers, [200]);
});

test("every kind of body that was let go passes the browser's own look at it", async () => {
  const result = await person.page.evaluate(async (path) => {
    const form = new FormData();
    form.append("f.req", JSON.stringify([null, JSON.stringify(["a harmless form, ä 😀"])]));
    form.append("file", new Blob([new Uint8Array([1, 2, 255, 0])]), "a.bin");
    const bodies = [
      "a harmless text, ä 😀",
      JSON.stringify({ text: "a harmless JSON" }),
      new Blob(["a harmless Blob"]),
      new TextEncoder().encode("harmless bytes"),
      new URLSearchParams({ "f.req": JSON.stringify([["a harmless field & more"]]) }),
      form,
    ];
    return Promise.all(bodies.map((body) => fetch(path, { method: "POST", body }).then((r) => r.status, String)));
  }, kPath);
  assert.deepEqual(result, [200, 200, 200, 200, 200, 200]);
  assert.equal(server.got.length, 6);
});

// Firefox waits, and the agent is asked about what nobody looked at before.
const kUnasked = isFirefox ? "sent" : "refused";

test("a worker sends nothing that was not let go", async () => {
  assert.equal(await fromWorker("FORBIDDEN and that nobody looked at"), "refused");
  assert.deepEqual(server.got, []);
  assert.equal(await fromWorker("anything that nobody looked at"), kUnasked);
  assert.equal(await fromWorker('{"action":"next"}'), "sent", "names are nobody's text");
  await person.page.evaluate((path) => fetch(path, { method: "POST", body: "words that were looked at" }), kPath);
  assert.equal(await fromWorker("words that were looked at"), "sent");
});

test("nor does a form", async () => {
  await post("FORBIDDEN and that nobody looked at", "sink");
  await post("words that the SECRET agent looked at before", "sink");
  await person.page.evaluate((path) => fetch(path, { method: "POST", body: "words that were looked at too" }), kPath);
  await post("words that were looked at too", "sink");
  await isReceived("text=words that were looked at too");
  assert.ok(!received("nobody looked at"));
  assert.ok(!received("looked at before"), "and nothing can be replaced there");
});

test("the page's own socket is opened, because its messages are held", async () => {
  const own = await person.page.evaluate(
    () =>
      new Promise((resolve) => {
        const socket = new WebSocket("wss://chatgpt.com/backend-api/ws");
        socket.onopen = () => (socket.close(), resolve("open"));
        socket.onerror = () => resolve("refused");
      }),
  );
  assert.equal(own, "open");
});

test("other sites are left alone", async () => {
  const page = await openPage(browser, "https://news.example/");
  const status = await page.evaluate(() => fetch("/anything", { method: "POST", body: "FORBIDDEN elsewhere" }).then((response) => response.status));
  assert.equal(status, 200);
  await page.close();
  await person.page.bringToFront();
});

test("with fail mode open, what a person sends while the agent is away arrives", async () => {
  await stage.agent.stop();
  stage.agent = await startAgent(folder, { ...policy, fail_mode: "open" });
  const send = async (text) => {
    await person.clear();
    await person.page.focus("#prompt-textarea");
    await person.page.keyboard.type(text);
    await person.page.keyboard.press("Enter");
  };
  await until(async () => {
    await person.closeNotice();
    await send("asked while open");
    await new Promise((resolve) => setTimeout(resolve, 500));
    return received("asked while open");
  }, "the agent to be found again");
  await stage.agent.stop();
  await send("nobody looked at this message");
  await isReceived("nobody looked at this message");
  stage.agent = await startAgent(folder);
});
