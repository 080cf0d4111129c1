// SPDX-License-Identifier: Apache-2.0
// ./dev bench browser: how long people wait for us, and what we cost a page. Real Chromium, the real native host, a real agent.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { socketOf, startAgent } from "./agent.mjs";
import { extensionId, makeFolder, openBrowser, openPage, program, remove, root } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const kRounds = Number(process.argv[2] ?? 100);
const kEditor = "#prompt-textarea";

const words = "the quick report about our next quarter says that every team has met its goals and nobody was late ".split(" ");
function proseOf(size, seed) {
  let text = `${seed} `;
  for (let i = seed; text.length < size; i += 1) {
    text += `${words[(i * 7 + (i % 5)) % words.length]}${i % 13 === 12 ? ".\n" : " "}`;
  }
  return text.slice(0, size);
}

function quantile(list, q) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
}
function tell(what, times, unit = "ms") {
  const figure = (q) => quantile(times, q).toFixed(1);
  console.log(`${what.padEnd(58)} p50 ${figure(0.5).padStart(7)}  p95 ${figure(0.95).padStart(7)} ${unit}  (${times.length})`);
}

// The world of our content script in a page, where its messages begin.
async function contentWorld(page) {
  const client = await page.createCDPSession();
  const found = new Promise((resolve) =>
    client.on("Runtime.executionContextCreated", ({ context }) => context.auxData?.type === "isolated" && context.origin.includes(extensionId) && resolve(context.id)),
  );
  await client.send("Runtime.enable");
  const contextId = await found;
  return async (expression) => {
    const { result, exceptionDetails } = await client.send("Runtime.evaluate", { expression, contextId, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  };
}

async function verdicts(page, size) {
  const evaluate = await contentWorld(page);
  const times = [];
  for (let i = 0; i < kRounds + 5; i += 1) {
    const question = JSON.stringify({ type: "ask", question: { kind: "paste", text: proseOf(size, i * 1000 + size) } });
    const [time, state] = await evaluate(`(async () => { const t = performance.now(); const a = await chrome.runtime.sendMessage(${question}); return [performance.now() - t, a.verdict?.action]; })()`);
    if (state !== "allow") {
      throw new Error(`the agent said ${state}`);
    }
    times.push(time);
  }
  tell(`verdict on ${size / 1024} KB, content script to agent and back`, times.slice(5));
}

async function pastes(person, selector, size) {
  const times = [];
  for (let i = 0; i < Math.min(kRounds, 30); i += 1) {
    await person.clear();
    await person.page.evaluate(() => {
      window.pasteTime = new Promise((resolve) => {
        let begin = 0;
        window.addEventListener("keydown", (event) => event.key === "v" && (begin = performance.now()), { once: true, capture: true });
        const done = () => begin && resolve(performance.now() - begin);
        document.addEventListener("input", done, { capture: true });
        new MutationObserver(done).observe(document.querySelector("#editor"), { childList: true, characterData: true, subtree: true });
      });
    });
    await person.paste(selector, proseOf(size, i * 77));
    times.push(await person.page.evaluate(() => window.pasteTime));
  }
  tell(`paste of ${size / 1024} KB, key to ${selector === kEditor ? "ProseMirror" : "textarea"}`, times);
}

// The same page under a guarded name and under another one.
async function loads(browser) {
  const page = await browser.newPage();
  const client = await page.createCDPSession();
  await client.send("Performance.enable");
  const once = async (url) => {
    await page.goto(url);
    await page.waitForFunction(() => typeof window.editorText === "function");
    const { metrics } = await client.send("Performance.getMetrics");
    const of = (name) => metrics.find((each) => each.name === name)?.value ?? 0;
    const timing = await page.evaluate(() => performance.getEntriesByType("navigation")[0].toJSON());
    await client.send("HeapProfiler.collectGarbage");
    const { usedSize } = await client.send("Runtime.getHeapUsage");
    return { loaded: timing.domContentLoadedEventEnd - timing.responseEnd, script: of("ScriptDuration") * 1000, heap: usedSize / 1024 };
  };
  const all = { guarded: [], other: [] };
  for (let i = 0; i < Math.min(kRounds, 40) + 3; i += 1) {
    all.guarded.push(await once("https://chatgpt.com/"));
    all.other.push(await once("https://news.example/"));
  }
  for (const [name, rows] of Object.entries(all)) {
    const kept = rows.slice(3);
    tell(`page load, ${name} page: response to DOMContentLoaded`, kept.map((row) => row.loaded));
    tell(`page load, ${name} page: time in scripts`, kept.map((row) => row.script));
    tell(`memory, ${name} page: JavaScript heap after collection`, kept.map((row) => row.heap), "KB");
  }
  const worker = await (await browser.waitForTarget((target) => target.type() === "service_worker")).createCDPSession();
  await worker.send("HeapProfiler.collectGarbage").catch(() => undefined);
  const { usedSize } = await worker.send("Runtime.getHeapUsage");
  console.log(`memory, worker: JavaScript heap ${(usedSize / 1024).toFixed(0)} KB`);
}

// From its start to its first answer, while no agent is there.
function hostStart() {
  const begin = process.hrtime.bigint();
  const host = spawn(program("native-messaging/gatehouse-native-host"), [`chrome-extension://${extensionId}/`], {
    env: { ...process.env, GATEHOUSE_SOCKET: "/nonexistent/agent.sock" },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const body = Buffer.from('{"v":1,"type":"ping","id":"a"}');
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  host.stdin.write(Buffer.concat([head, body]));
  return new Promise((resolve) => {
    host.stdout.once("data", () => {
      const time = Number(process.hrtime.bigint() - begin) / 1e6;
      host.once("exit", () => resolve(time));
      host.stdin.end();
    });
  });
}

const folder = makeFolder();
const server = await startServer(folder);
const agent = await startAgent(folder);
let browser;
try {
  const scripts = ["page.js", "content.js"].map((name) => readFileSync(join(root, "extension/dist/chromium", name)));
  const size = scripts.reduce((sum, each) => sum + each.length, 0);
  console.log(`content scripts: ${scripts.map((each) => each.length).join(" + ")} = ${size} bytes, ${gzipSync(Buffer.concat(scripts)).length} compressed`);
  const starts = [];
  for (let i = 0; i < Math.min(kRounds, 50); i += 1) {
    starts.push(await hostStart());
  }
  tell("native host: start to first answer", starts);
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder) });
  const person = await Person.at(await openPage(browser, "https://chatgpt.com/"));
  await person.paste(kEditor, "warm");
  await until(async () => (await person.editor()).includes("warm"), "the first paste");
  await verdicts(person.page, 1024);
  await verdicts(person.page, 10 * 1024);
  await verdicts(person.page, 100 * 1024);
  await person.page.bringToFront();
  await pastes(person, kEditor, 10 * 1024);
  await pastes(person, "#area", 10 * 1024);
  await loads(browser);
} finally {
  await browser?.close();
  await agent.stop();
  server.close();
  remove(folder);
}
