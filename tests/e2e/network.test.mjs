// SPDX-License-Identifier: Apache-2.0
// What a page sends by itself, however it does it: nothing leaves that was not let go. Asserted by what its server got.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startAgent } from "./agent.mjs";
import { notInFirefox, openPage } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { setStage } from "./stage.mjs";

const kPath = "/backend-api/f/conversation";
let server;
let browser;
let person;
const stage = setStage((all) => {
  ({ server, browser, person } = all);
}, { clearsEditor: false });
const { folder } = stage;

const bodies = () => server.got.map((each) => each.body);
const isReceived = (text) => until(() => bodies().some((body) => body.includes(text)), `“${text}” at the server`);

// Each way out of a page: does it, and tells "sent" or "refused" where the page learns of it.
const ways = {
  "fetch with a text": (path, text) => fetch(path, { method: "POST", body: text }).then(() => "sent", () => "refused"),
  "fetch with JSON in a Request": (path, text) =>
    fetch(new Request(path, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ deep: [{ inner: JSON.stringify({ text }) }] }) })).then(() => "sent", () => "refused"),
  "fetch with bytes": (path, text) => fetch(path, { method: "POST", body: new TextEncoder().encode(text) }).then(() => "sent", () => "refused"),
  "fetch with a Blob": (path, text) => fetch(path, { method: "POST", body: new Blob([text]) }).then(() => "sent", () => "refused"),
  "fetch with a form": (path, text) => {
    const form = new FormData();
    form.append("f.req", JSON.stringify([null, JSON.stringify([text])]));
    return fetch(path, { method: "POST", body: form }).then(() => "sent", () => "refused");
  },
  "fetch with fields": (path, text) => fetch(path, { method: "POST", body: new URLSearchParams({ "f.req": JSON.stringify([[text]]) }) }).then(() => "sent", () => "refused"),
  "fetch with a stream": (path, text) =>
    fetch(path, { method: "POST", duplex: "half", body: new Blob([text]).stream() }).then(() => "sent", () => "refused"),
  "XMLHttpRequest": (path, text) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", path);
      request.onload = () => resolve("sent");
      request.onerror = () => resolve("refused");
      request.send(text);
    }),
  "XMLHttpRequest with a form": (path, text) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", path);
      request.onload = () => resolve("sent");
      request.onerror = () => resolve("refused");
      const form = new FormData();
      form.append("message", text);
      request.send(form);
    }),
  "a WebSocket": (path, text) =>
    new Promise((resolve) => {
      const socket = new WebSocket(`wss://chatgpt.com${path}`);
      socket.onopen = () => {
        socket.send(JSON.stringify({ event: "send", content: [{ type: "text", text }] }) + "\u001e");
        socket.send(new Blob([text]));
        socket.close();
      };
      socket.onclose = () => resolve("done");
      socket.onerror = () => resolve("refused");
    }),
  "a beacon": (path, text) => Promise.resolve(navigator.sendBeacon(path, new Blob([text])) ? "done" : "refused"),
  "a frame of its own": async (path, text) => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const result = await frame.contentWindow.fetch(path, { method: "POST", body: text }).then(() => "sent", () => "refused");
    frame.remove();
    return result;
  },
  "a query in the address": (path, text) => fetch(`${path}?q=${encodeURIComponent(`this long sentence has the word ${text} inside`)}`, { method: "POST" }).then(() => "sent", () => "refused"),
};
const run = (way, text, path = kPath) => person.page.evaluate(`(${ways[way]})(${JSON.stringify(path)}, ${JSON.stringify(text)})`);
// What got through before this is there as well, because the agent answers in order.
let settled = 0;
const settle = async () => {
  settled += 1; // never a text that was let go before, which the agent is not asked about
  assert.equal(await run("fetch with a text", `harmless and last of all ${settled}.`), "sent");
  await isReceived(`last of all ${settled}.`);
};
const leaked = (text) => server.got.some((each) => each.body.includes(text) || decodeURIComponent(each.path).includes(text));

const kNoStreams = { "fetch with a stream": notInFirefox("it sends no streams") };

for (const way of Object.keys(ways)) {
  test(`${way}: what policy blocks does not leave`, { ...kNoStreams[way] }, async () => {
    assert.notEqual(await run(way, `a FORBIDDEN word, ${way}`), "sent");
    await settle();
    assert.ok(!leaked("FORBIDDEN"), JSON.stringify(server.got));
    if (!way.startsWith("a frame")) {
      await person.sees("was kept from sending"); // the frame took its notice with it
    }
  });
  test(`${way}: a harmless text leaves as it is`, { ...kNoStreams[way] }, async () => {
    const text = `harmless ä 😀 words by ${way}`;
    assert.notEqual(await run(way, text), "refused");
    await until(() => server.got.some((each) => decodeURIComponent(`${each.body}${each.path}`.replaceAll("+", " ")).includes("harmless ")), "the text at the server");
    assert.equal(await person.notice(), "");
  });
}

test("what would be replaced is refused, because nothing can be replaced in a request", async () => {
  assert.equal(await run("fetch with a text", "the SECRET plan"), "refused");
  assert.ok(!leaked("SECRET"));
});

test("a warning asks, and yes lets it go", async () => {
  const result = run("fetch with a text", "be CAREFUL with requests");
  await person.sees("Let this page send this?");
  assert.deepEqual(server.got, []);
  await person.press("Send anyway");
  assert.equal(await result, "sent");
  assert.equal(await run("XMLHttpRequest", "be CAREFUL with requests"), "sent", "and is not asked again");
});

test("what was let go at Enter leaves without another question", async () => {
  await person.clear();
  await person.page.focus("#prompt-textarea");
  await person.page.keyboard.type("be CAREFUL at Enter");
  await person.page.keyboard.press("Enter");
  await person.press("Send anyway");
  await isReceived("be CAREFUL at Enter");
  assert.equal(await person.notice(), "");
});

test("names and identifiers are nobody's text, and measurements go by", async () => {
  await person.page.evaluate(() => fetch("/ces/v1/t", { method: "POST", body: "FORBIDDEN in a measurement" }));
  await isReceived("in a measurement");
  const result = await person.page.evaluate((path) => fetch(path, { method: "POST", body: JSON.stringify({ action: "next", id: crypto.randomUUID() }) }).then((r) => r.status), kPath);
  assert.equal(result, 200);
});

test("answers, headers and errors are what they would have been", async () => {
  const result = await person.page.evaluate(async (path) => {
    const response = await fetch(path, { method: "POST", headers: { "x-a": "1", "content-type": "application/json" }, body: '{"text":"a harmless sentence again"}' });
    const aborted = new AbortController();
    aborted.abort();
    const name = await fetch(path, { method: "POST", body: "a harmless thing", signal: aborted.signal }).catch((error) => error.name);
    const wrong = await fetch("https://", { method: "POST" }).catch((error) => error instanceof TypeError);
    const request = new XMLHttpRequest();
    request.open("POST", path);
    const twice = (request.send("once is enough"), (() => { try { request.send("twice"); } catch (error) { return error.name; } })());
    return { status: response.status, name, wrong, twice, source: String(fetch).replace(/\s+/g, " ") };
  }, kPath);
  await isReceived("once is enough");
  assert.deepEqual(result, { status: 200, name: "AbortError", wrong: true, twice: "InvalidStateError", source: "function () { [native code] }" });
});

test("a synchronous request is refused", async () => {
  const name = await person.page.evaluate((path) => {
    const request = new XMLHttpRequest();
    request.open("POST", path, false);
    try {
      request.send("anything at all");
      return "sent";
    } catch (error) {
      return error.name;
    }
  }, kPath);
  assert.equal(name, "NetworkError");
  assert.deepEqual(server.got, []);
});

test("a form that a script submits is held", async () => {
  await person.page.evaluate(() => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/backend-api/f/conversation";
    form.append(Object.assign(document.createElement("input"), { name: "text", value: "a FORBIDDEN form" }));
    document.body.append(form);
    form.submit();
  });
  await person.sees("was kept from sending");
  assert.deepEqual(server.got, []);
});

test("so is a form that takes its fields to another page; what may go arrives whole", async () => {
  const post = (text) =>
    person.page.evaluate((value) => {
      document.querySelector("#sink")?.remove();
      const sink = Object.assign(document.createElement("iframe"), { name: "sink", id: "sink" });
      const form = Object.assign(document.createElement("form"), { method: "post", action: "/backend-api/f/conversation", target: "sink" });
      form.append(Object.assign(document.createElement("input"), { name: "text", value }));
      document.body.append(sink, form);
      form.requestSubmit();
    }, text);
  await post("a FORBIDDEN form again");
  await person.sees("was kept from sending");
  assert.deepEqual(server.got, []);
  await person.closeNotice();
  await post("a harmless form & more");
  await isReceived("text=a+harmless+form+%26+more");
});

test("a page that reads the clipboard by itself gets what a paste would have got", async () => {
  const read = (how) =>
    person.page.evaluate(
      (name) => (name === "read" ? navigator.clipboard.read().then((items) => items[0].getType("text/plain")).then((blob) => blob.text()) : navigator.clipboard.readText()).catch((error) => error.name),
      how,
    );
  for (const how of ["readText", "read"]) {
    await person.copy("a harmless clipboard");
    assert.equal(await read(how), "a harmless clipboard");
    await person.copy("the SECRET plan");
    assert.match(await read(how), /^the \[\[\w+\]\] plan$/);
    await person.copy("something FORBIDDEN");
    assert.equal(await read(how), "NotAllowedError");
    await person.sees("This paste was stopped");
    await person.closeNotice();
  }
});

test("ways out that nobody could hold are not there", async () => {
  const found = await person.page.evaluate(() => ["fetchLater", "WebTransport", "WebSocketStream"].filter((name) => name in window));
  assert.deepEqual(found, []);
});

test("a page that replaces everything it can reach gets nothing through", async () => {
  const page = await openPage(browser, "https://chatgpt.com/");
  const other = await Person.at(page);
  server.got.length = 0;
  await page.evaluate((path) => {
    const yes = [1, 1];
    MessagePort.prototype.postMessage = function () {};
    Object.defineProperty(MessageEvent.prototype, "data", { get: () => yes });
    Promise.prototype.then = function (done) { return done?.(new ArrayBuffer(0)); };
    Object.defineProperty(Promise.prototype, "constructor", { get: () => function () {} });
    WeakMap.prototype.get = () => ({ isAsync: true, method: "GET" });
    Map.prototype.get = () => () => true;
    TextDecoder.prototype.decode = () => "harmless";
    Function.prototype.call = function () { return true; };
    Function.prototype.apply = function () { return true; };
    Reflect.apply = () => true;
    Request.prototype.clone = () => new Response("harmless");
    Response.prototype.arrayBuffer = () => Promise.resolve(new ArrayBuffer(0));
    String.prototype.toUpperCase = () => "GET";
    Object.defineProperty(Object.prototype, "isAllowed", { value: true });
    for (let i = 0; i < 200; i += 1) {
      window.dispatchEvent(new MessageEvent("gatehouse:door", { ports: [new MessageChannel().port1] }));
      window.postMessage([i, 1], "*");
    }
    Array.prototype[Symbol.iterator] = function* () { yield "harmless"; };
    void fetch(path, { method: "POST", body: "FORBIDDEN one" });
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.send("FORBIDDEN two");
    navigator.sendBeacon(path, "FORBIDDEN three");
  }, kPath).catch(() => undefined);
  await other.sees("was kept from sending");
  await settle();
  assert.ok(!leaked("FORBIDDEN"), JSON.stringify(server.got));
  await page.close();
  await person.page.bringToFront();
});

test("a body that changes after it was handed over leaves as it was", async () => {
  await person.page.evaluate((path) => {
    const bytes = new TextEncoder().encode("harmless at first");
    void fetch(path, { method: "POST", body: bytes });
    bytes.set(new TextEncoder().encode("FORBIDDEN"));
    const request = new XMLHttpRequest();
    const more = new TextEncoder().encode("harmless at start");
    request.open("POST", path);
    request.send(more);
    more.set(new TextEncoder().encode("FORBIDDEN"));
    let count = 0;
    void fetch(path, { method: "POST", get body() { return count++ ? "FORBIDDEN" : "harmless from a getter"; } });
  }, kPath);
  await isReceived("harmless at first");
  await isReceived("harmless at start");
  await isReceived("harmless from a getter");
  assert.ok(!leaked("FORBIDDEN"));
});

test("frames of every kind are held, and cannot be taken over by the page around them", async () => {
  const results = await person.page.evaluate(async (path) => {
    const out = [];
    const policy = trustedTypes.createPolicy("any" + Math.random(), { createHTML: (text) => text });
    for (const kind of ["blank", "srcdoc", "forged"]) {
      const frame = document.createElement("iframe");
      if (kind === "srcdoc") {
        frame.srcdoc = policy.createHTML("<p>hello</p>");
      }
      document.body.append(frame);
      if (kind === "forged") {
        const { port1, port2 } = new MessageChannel();
        port2.onmessage = ({ data }) => port2.postMessage([data[0], 1]);
        frame.contentWindow.dispatchEvent(new frame.contentWindow.MessageEvent("gatehouse:door", { ports: [port1] }));
      }
      if (kind === "srcdoc") {
        await new Promise((resolve) => (frame.onload = resolve));
      }
      out.push(await frame.contentWindow.fetch(path, { method: "POST", body: `FORBIDDEN from ${kind}` }).then(() => "sent", () => "refused"));
      frame.remove();
    }
    return out;
  }, `https://chatgpt.com${kPath}`);
  assert.deepEqual(results, ["refused", "refused", "refused"]);
  assert.ok(!leaked("FORBIDDEN"));
});

test("without an agent nothing that says something leaves", async () => {
  await stage.agent.stop();
  assert.equal(await run("fetch with a text", "nobody looks at this one"), "refused");
  await person.sees("Gatehouse is not running");
  assert.deepEqual(server.got, []);
  stage.agent = await startAgent(folder);
});
