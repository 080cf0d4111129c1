// SPDX-License-Identifier: Apache-2.0
// A page that tries every way around the scripts in it, with the extension as policy installs it. Asserted by what its server got:
// the word is nowhere, in no body and no address.
import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { after, before, beforeEach, test } from "node:test";
import { policy, socketOf, startAgent } from "./agent.mjs";
import { isFirefox, makeFolder, notInFirefox, openBrowser, openPage, remove } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const kPath = "/backend-api/f/conversation";
const folder = makeFolder();
const say = "const say = (done) => (typeof port === 'undefined' ? self : port).postMessage(done);";
const scripts = {
  "/shared.js": `onconnect = ({ ports: [port] }) => { port.onmessage = ({ data }) => fetch(data.path, { method: 'POST', body: data.body }).then(() => port.postMessage('sent'), () => port.postMessage('refused')); };`,
  "/service.js": `
    addEventListener('install', () => skipWaiting());
    addEventListener('activate', (event) => event.waitUntil(clients.claim()));
    addEventListener('message', ({ data, ports: [port] }) => fetch(data.path, { method: 'POST', body: data.body }).then(() => port.postMessage('sent'), () => port.postMessage('refused')));
    addEventListener('fetch', (event) => event.request.url.endsWith('/rewritten') && event.respondWith(fetch('${kPath}', { method: 'POST', body: 'FORBIDDEN instead of what was looked at' })));`,
  "/busy.js": `${say}
    const ways = {
      synchronous: ({ path, body }) => { const request = new XMLHttpRequest(); request.open('POST', path, false); request.send(body); if (request.status !== 200) throw 0; },
      nested: ({ path, body }) => new Promise((resolve, reject) => { const inner = new Worker('/worker.js'); inner.onmessage = ({ data }) => (data === 'sent' ? resolve() : reject()); inner.onerror = reject; inner.postMessage({ path, body }); }),
      address: ({ path, body }) => fetch(path + '?q=' + encodeURIComponent(body)),
      script: ({ path, body }) => importScripts(path + '?q=' + encodeURIComponent(body)),
      events: ({ path, body }) => new Promise((resolve, reject) => { const source = new EventSource(path + '?q=' + encodeURIComponent(body)); source.onopen = resolve; source.onerror = reject; }),
    };
    onmessage = async ({ data }) => { try { await ways[data.way](data); say('sent'); } catch { say('refused'); } };`,
};
const plain = "<!doctype html><title>plain</title><p>No policy of its own.</p><script>window.editorText = () => ''; window.clear = () => {};</script>";
const files = { ...Object.fromEntries(Object.entries(scripts).map(([path, text]) => [path, ["text/javascript", text]])), "/plain": ["text/html", plain] };

let server;
let agent;
let browser;
let person;
before(async () => {
  server = await startServer(folder, false, files);
  agent = await startAgent(folder);
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder), isManaged: true });
  await reopen();
  await until(() => person.page.evaluate((path) => fetch(path, { method: "POST", body: "harmless words" }).then(() => true, () => false), kPath), "the agent");
});
after(async () => {
  await browser?.close();
  await agent?.stop();
  server?.close();
  remove(folder);
});
async function reopen() {
  await person?.page.close();
  person = await Person.at(await openPage(browser, "https://chatgpt.com/plain"));
  await person.page.bringToFront();
}
beforeEach(async () => {
  await person.closeNotice();
  server.got.length = 0;
  server.asked.length = 0;
});

const leaked = () => [...server.got.map(({ path, body }) => `${path} ${body}`), ...server.asked].map((text) => decodeURIComponent(text.replaceAll("+", " "))).filter((text) => text.includes("FORBIDDEN"));
// What was sent before it is there as well: the same server, after it.
async function nothingLeft() {
  await person.page.evaluate((path) => fetch(path, { method: "POST", body: "harmless and last" }), kPath);
  await until(() => server.got.some(({ body }) => body === "harmless and last"), "what was sent last");
  assert.deepEqual(leaked(), []);
}
const inWorker = (way, body) =>
  person.page.evaluate(
    (data) =>
      new Promise((resolve) => {
        const worker = new Worker("/busy.js");
        worker.onmessage = (event) => (worker.terminate(), resolve(event.data));
        worker.onerror = () => resolve("refused");
        worker.postMessage(data);
      }),
    { way, body, path: kPath },
  );

for (const way of ["synchronous", "nested", "address", "script", "events"]) {
  test(`a worker, ${way}: what policy blocks does not leave`, async () => {
    assert.equal(await inWorker(way, `a FORBIDDEN word in a worker, ${way}`), "refused");
    await nothingLeft();
    const known = `words that were looked at before ${way}`;
    await person.page.evaluate(([path, body]) => fetch(path, { method: "POST", body }), [kPath, known]);
    await inWorker(way, known); // what comes back is no script and no stream of events
    const all = [...server.got.slice(2).map(({ body }) => body), ...server.asked.map((each) => decodeURIComponent(each))];
    assert.ok(all.some((each) => each.includes(known)), "what was looked at leaves");
  });
}

test("a shared worker", async () => {
  const post = (body) =>
    person.page.evaluate(
      ([path, text]) =>
        new Promise((resolve) => {
          const { port } = new SharedWorker("/shared.js");
          port.onmessage = ({ data }) => resolve(data);
          port.postMessage({ path, body: text });
        }),
      [kPath, body],
    );
  assert.equal(await post("a FORBIDDEN word in a shared worker"), "refused");
  await nothingLeft();
  assert.equal(await post('{"action":"next"}'), "sent", "names are nobody's text");
});

test("a service worker that sends, and one that sends something else than the page was let", async () => {
  const result = await person.page.evaluate(async (path) => {
    const { active, installing, waiting } = await navigator.serviceWorker.register("/service.js");
    await navigator.serviceWorker.ready;
    const worker = active ?? waiting ?? installing;
    const { port1, port2 } = new MessageChannel();
    const own = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
    worker.postMessage({ path, body: "a FORBIDDEN word of a service worker" }, [port2]);
    while (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    const rewritten = fetch("/rewritten", { method: "POST", body: "harmless words that were looked at" }).then(({ ok }) => (ok ? "sent" : "refused"), () => "refused");
    return [await own, await rewritten];
  }, kPath);
  assert.deepEqual(result, ["refused", "refused"]);
  await nothingLeft();
  await person.page.evaluate(async () => Promise.all((await navigator.serviceWorker.getRegistrations()).map((each) => each.unregister())));
  await reopen();
});

const addresses = {
  "a picture": (address) => new Promise((resolve) => Object.assign(new Image(), { onload: resolve, onerror: resolve, src: address })),
  "a style sheet": (address) => new Promise((resolve) => document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: address, onload: resolve, onerror: resolve }))),
  "a script": (address) => new Promise((resolve) => document.head.append(Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: resolve }))),
  "a frame": (address) => new Promise((resolve) => document.body.append(Object.assign(document.createElement("iframe"), { src: address, onload: resolve, onerror: resolve }))),
  "a stream of events": (address) => new Promise((resolve) => { const source = new EventSource(address); source.onopen = source.onerror = () => (source.close(), resolve()); }),
  "a form that asks": (address) => {
    const { pathname, searchParams } = new URL(address, location);
    const sink = Object.assign(document.createElement("iframe"), { name: `sink${Math.random()}` });
    const form = Object.assign(document.createElement("form"), { method: "get", action: pathname, target: sink.name });
    form.append(Object.assign(document.createElement("input"), { name: "q", value: searchParams.get("q") }));
    document.body.append(sink, form);
    HTMLFormElement.prototype.submit.call(form);
    return new Promise((resolve) => setTimeout(resolve, 300));
  },
};
for (const [name, ask] of Object.entries(addresses)) {
  test(`${name} whose address says it`, async () => {
    // Nobody waits for the end: a frame that is not loaded says nothing.
    await person.page.evaluate(`void (${ask})(${JSON.stringify(`${kPath}?q=${encodeURIComponent("a FORBIDDEN word")}`)})`);
    await person.page.evaluate(`void (${ask})("/settings?page=2")`);
    await until(() => server.asked.some((each) => each.startsWith("/settings?")) || (server.asked.some((each) => each.startsWith("/settings")) && name === "a form that asks"), "an address that says nothing");
    await nothingLeft();
  });
}

test("a visit to an address that says it is not made; one that says something harmless is, after a look", async () => {
  const visit = (text) => person.page.goto(`https://chatgpt.com/plain?q=${encodeURIComponent(text)}`).catch(() => undefined);
  await visit("please explain FORBIDDEN things");
  await reopen();
  await nothingLeft();
  await visit("please explain harmless things");
  await until(() => server.asked.some((each) => each.includes("harmless")), "the visit");
  await until(() => person.page.evaluate(() => location.search.includes("harmless") && document.title !== "").catch(() => false), "the page");
  await reopen();
});

test("a sandboxed frame, which has no origin", async () => {
  const results = await person.page.evaluate(async (path) => {
    const code = `addEventListener("message", async () => { const way = (go) => go.then(() => "sent", () => "refused"); parent.postMessage([await way(fetch("https://chatgpt.com${path}", { method: "POST", mode: "no-cors", body: "a FORBIDDEN word in a box" })), navigator.sendBeacon("https://chatgpt.com${path}", "a FORBIDDEN beacon in a box")], "*"); });`;
    const frame = Object.assign(document.createElement("iframe"), { srcdoc: `<script>${code}<\/script>` });
    frame.sandbox = "allow-scripts allow-forms";
    const loaded = new Promise((resolve) => (frame.onload = resolve));
    document.body.append(frame);
    await loaded;
    const answer = new Promise((resolve) => window.addEventListener("message", ({ data }) => resolve(data), { once: true }));
    frame.contentWindow.postMessage("go", "*");
    return (await answer)[0];
  }, kPath);
  assert.equal(results, "refused");
  await nothingLeft();
});

test("a data channel between two ends in the page", notInFirefox("its ends do not meet behind the proxy of the test"), async () => {
  const address = Object.values(networkInterfaces()).flat().find(({ family }) => family === "IPv4")?.address ?? "127.0.0.1";
  const got = await person.page.evaluate(async (own) => {
    const plain = ({ type, sdp }) => ({ type, sdp: sdp.replace(/[0-9a-f-]{36}\.local/g, own) }); // nobody resolves the names that hide it
    const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
    const isGathered = (end) => new Promise((resolve) => (end.onicegatheringstatechange = () => end.iceGatheringState === "complete" && resolve()));
    const gathered = [isGathered(near), isGathered(far)];
    const channel = near.createDataChannel("words");
    const got = [];
    const isDone = new Promise((resolve) => (far.ondatachannel = ({ channel: end }) => (end.onmessage = ({ data }) => (got.push(data), data.includes("last") && resolve()))));
    const isOpen = new Promise((resolve) => (channel.onopen = resolve));
    await near.setLocalDescription();
    await gathered[0];
    await far.setRemoteDescription(plain(near.localDescription));
    await far.setLocalDescription();
    await gathered[1];
    await near.setRemoteDescription(plain(far.localDescription));
    await isOpen;
    channel.send("a FORBIDDEN word in a channel");
    channel.send("harmless and last in a channel");
    await isDone;
    near.close();
    far.close();
    return got;
  }, address);
  assert.deepEqual(got, ["harmless and last in a channel"]);
});

test("nobody is let in who knocks later, and what is overheard opens nothing", async () => {
  const heard = await person.page.evaluate(async (path) => {
    const heard = [];
    for (const target of [window, document]) {
      for (const name of ["gatehouse:door", "gatehouse:knock", "message"]) {
        target.addEventListener(name, (event) => heard.push([name, event.ports?.length ?? 0, event.isTrusted]), true);
      }
    }
    window.dispatchEvent(new Event("gatehouse:knock"));
    document.dispatchEvent(new Event("gatehouse:knock"));
    // Answers to every question that there may ever be, before it is asked.
    const { port1, port2 } = new MessageChannel();
    window.dispatchEvent(new MessageEvent("gatehouse:door", { ports: [port2], cancelable: true }));
    for (let i = 0; i < 500; i += 1) {
      port1.postMessage([i, 1]);
      window.postMessage([i, 1], "*");
    }
    const sent = await fetch(path, { method: "POST", body: "a FORBIDDEN word after a forged answer" }).then(() => "sent", () => "refused");
    return { sent, doors: heard.filter(([name, ports]) => name === "gatehouse:door" && ports > 0).length };
  }, kPath);
  assert.deepEqual(heard, { sent: "refused", doors: 1 }, "the one door is the page's own");
  await nothingLeft();
});

test("the page finds nothing of ours in its world", async () => {
  await person.paste("body", "a FORBIDDEN word").catch(() => undefined);
  const found = await person.page.evaluate(async (firefox) => {
    const names = Object.getOwnPropertyNames(window).filter((name) => /gatehouse/i.test(name));
    const probes = ["manifest.json", "page.js", "content.js", "icons/16.png"].map((file) => (firefox ? `moz-extension://gatehouse/${file}` : `chrome-extension://amlcmoamanbdbgmjdocllhaoeacjjleo/${file}`));
    const read = await Promise.all(probes.map((address) => fetch(address).then(() => address, () => "")));
    return { names, read: read.filter(Boolean), runtime: typeof window.chrome?.runtime?.sendMessage, source: [fetch, XMLHttpRequest.prototype.send, navigator.sendBeacon].map(String).every((text) => text.includes("[native code]")) };
  }, isFirefox);
  assert.deepEqual(found, { names: [], read: [], runtime: "undefined", source: true });
});
