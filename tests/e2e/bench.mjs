// SPDX-License-Identifier: Apache-2.0
// ./dev bench browser [ROUNDS]: how long people wait for us, and what we cost a page. Real Chromium, the real native host, a real
// agent; for the fast path an agent that knows the clipboard. Prints a table with the goals, and what is missed.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { socketOf, startAgent } from "./agent.mjs";
import { asBrowser, extensionId, makeFolder, openBrowser, openPage, program, remove, root } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { ScriptedAgent } from "./scripted_agent.mjs";
import { startServer } from "./server.mjs";

const kRounds = Number(process.argv[2] ?? 100);
const kFewer = Math.min(kRounds, 30);
const kEditor = "#prompt-textarea";
const kGuarded = "https://chatgpt.com/";
const kOther = "https://news.example/";

const rows = [["what", "p50", "p95", "unit", "goal", ""]];
let missed = 0;
const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))];
const median = (list) => quantile(list, 0.5);

// The goal is of the p50.
function tell(what, list, unit, goal) {
  const isMissed = goal !== undefined && median(list) > goal;
  missed += isMissed ? 1 : 0;
  rows.push([what, median(list).toFixed(1), list.length > 1 ? quantile(list, 0.95).toFixed(1) : "", unit, goal === undefined ? "" : `≤ ${goal}`, isMissed ? "missed" : ""]);
  console.log(`  ${rows.at(-1).join("  ")}`);
}
function printTable() {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const line = (row) => row.map((cell, i) => (i === 0 || i > 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ").trimEnd();
  console.log(["", line(rows[0]), widths.map((width) => "-".repeat(width)).join("  "), ...rows.slice(1).map(line), ""].join("\n"));
  console.log(missed === 0 ? "every goal is met" : `${missed} goals are missed`);
}

const words = "the quick report about our next quarter says that every team has met its goals and nobody was late ".split(" ");
function proseOf(size, seed) {
  let text = `${seed} `;
  for (let i = seed; text.length < size; i += 1) {
    text += `${words[(i * 7 + (i % 5)) % words.length]}${i % 13 === 12 ? ".\n" : " "}`;
  }
  return text.slice(0, size - 1) + "z"; // no blank at the end, which editors may drop
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

async function verdicts(page, size, goal) {
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
  tell(`verdict on ${size / 1024} KB: content script, agent and back`, times.slice(5), "ms", goal);
}

// Runs in a page: from the key to the text in the field, in milliseconds and drawn frames.
function watchPaste(selector) {
  const state = { begin: 0, frames: 0 };
  const field = document.querySelector(selector);
  const isText = () => (field.value ?? field.innerText).trim() !== "";
  window.pasteResult = new Promise((resolve) => {
    const observer = new MutationObserver(() => look());
    const look = () => {
      if (state.begin && isText()) {
        observer.disconnect();
        field.removeEventListener("input", look);
        window.removeEventListener("keydown", start, true);
        resolve([performance.now() - state.begin, state.frames]);
      }
    };
    const count = () => {
      state.frames += 1;
      requestAnimationFrame(count);
    };
    const start = (event) => {
      if (event.key === "v") {
        Object.assign(state, { begin: performance.now(), frames: 0 });
        requestAnimationFrame(count);
      }
    };
    window.addEventListener("keydown", start, true);
    field.addEventListener("input", look);
    observer.observe(field, { childList: true, characterData: true, subtree: true });
  });
}

async function pastes(person, selector, size, prepare = () => undefined) {
  const results = [];
  await person.page.bringToFront();
  for (let i = 0; i < kFewer; i += 1) {
    const text = proseOf(size, i * 77);
    await prepare(text);
    await person.closeNotice();
    await person.clear();
    await person.page.evaluate(watchPaste, selector);
    await person.paste(selector, text);
    results.push(await person.page.evaluate(() => window.pasteResult));
  }
  return results;
}

// A held paste beside the browser's own in a page that nobody guards.
async function heldPastes(person, browser) {
  const other = await Person.at(await openPage(browser, kOther));
  for (const [name, selector, size] of [["ProseMirror", kEditor, 10], ["textarea", "#area", 10], ["textarea", "#area", 100]]) {
    const own = await pastes(other, selector, size * 1024);
    const held = await pastes(person, selector, size * 1024);
    tell(`paste of ${size} KB into ${name}, by the browser alone`, own.map(([time]) => time), "ms");
    tell(`paste of ${size} KB into ${name}, held and put in`, held.map(([time]) => time), "ms");
  }
  await other.page.close();
}

async function fastPath(port) {
  const folder = makeFolder();
  const agent = new ScriptedAgent(folder);
  const browser = await agent.openBrowser(port);
  try {
    const other = await Person.at(await openPage(browser, kOther));
    const own = await pastes(other, "#area", 10 * 1024);
    await other.page.close();
    const person = await Person.at(await openPage(browser, kGuarded));
    await person.page.bringToFront();
    await until(() => agent.count("focus true") > 0, "the focus");
    const passed = [];
    for (let i = 0; passed.length < kFewer && i < 5 * kFewer; i += 1) {
      const text = proseOf(10 * 1024, i * 77);
      await agent.sees({ text });
      await person.clear();
      await person.page.evaluate(watchPaste, "#area");
      await person.paste("#area", text);
      const result = await person.page.evaluate(() => window.pasteResult);
      if ((await person.seen()).pastes.every(({ isTrusted }) => isTrusted)) {
        passed.push(result); // else the agent's word had not reached the page
      }
    }
    tell("allowed paste of 10 KB that is known before, by the browser alone", own.map(([time]) => time), "ms");
    tell("allowed paste of 10 KB that is known before, guarded", passed.map(([time]) => time), "ms");
    tell("frames that are drawn before its text is there, more than without us", [median(passed.map(([, frames]) => frames)) - median(own.map(([, frames]) => frames))], "frames", 0);
  } finally {
    await browser.close();
    remove(folder);
  }
}

async function loadOnce(browser, url) {
  const page = await browser.newPage();
  const client = await page.createCDPSession();
  await client.send("Performance.enable");
  await page.goto(url);
  await page.waitForFunction(() => typeof window.editorText === "function");
  const { metrics } = await client.send("Performance.getMetrics");
  const timing = await page.evaluate(() => performance.getEntriesByType("navigation")[0].toJSON());
  await client.send("HeapProfiler.collectGarbage");
  const { usedSize } = await client.send("Runtime.getHeapUsage");
  await page.close();
  return { loaded: timing.domContentLoadedEventEnd - timing.responseEnd, script: (metrics.find((each) => each.name === "ScriptDuration")?.value ?? 0) * 1000, heap: usedSize / 1024 };
}

// The same page under a guarded name and under another one, in turns.
async function loads(browser) {
  const all = { guarded: [], other: [] };
  for (let i = 0; i < kFewer + 3; i += 1) {
    all.guarded.push(await loadOnce(browser, kGuarded));
    all.other.push(await loadOnce(browser, kOther));
  }
  const guarded = all.guarded.slice(3);
  const other = all.other.slice(3);
  const added = (name) => [median(guarded.map((row) => row[name])) - median(other.map((row) => row[name]))];
  tell("page load, other page: response to DOMContentLoaded", other.map((row) => row.loaded), "ms");
  tell("page load, guarded page: response to DOMContentLoaded", guarded.map((row) => row.loaded), "ms");
  tell("page load: added by us until DOMContentLoaded", added("loaded"), "ms", 5);
  tell("page load: added by us to the time in scripts", added("script"), "ms", 5);
  tell("memory: added by us to the page's JavaScript heap", added("heap"), "KB");
  const worker = await (await browser.waitForTarget((target) => target.type() === "service_worker" && target.url().includes(extensionId))).createCDPSession();
  await worker.send("HeapProfiler.collectGarbage").catch(() => undefined);
  const { usedSize } = await worker.send("Runtime.getHeapUsage");
  tell("memory: JavaScript heap of the worker", [usedSize / 1024], "KB");
}

// From its start to its first answer, while no agent is there; with the shell that starts it.
function hostStart() {
  const begin = process.hrtime.bigint();
  const host = spawn(...asBrowser(folder, program("native-messaging/gatehouse-native-host"), `chrome-extension://${extensionId}/`), {
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

async function withoutBrowser() {
  const scripts = ["page.js", "content.js"].map((name) => readFileSync(join(root, "extension/dist/chromium", name)));
  tell("content scripts", [scripts.reduce((sum, each) => sum + each.length, 0) / 1024], "KB", 60);
  tell("content scripts, compressed", [gzipSync(Buffer.concat(scripts)).length / 1024], "KB");
  const starts = [];
  for (let i = 0; i < Math.min(kRounds, 50); i += 1) {
    starts.push(await hostStart());
  }
  tell("native host: start to first answer", starts, "ms", 15);
}

const folder = makeFolder();
const server = await startServer(folder);
const agent = await startAgent(folder);
let browser;
try {
  await withoutBrowser();
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder) });
  const person = await Person.at(await openPage(browser, kGuarded));
  await person.paste(kEditor, "warm");
  await until(async () => (await person.editor()).includes("warm"), "the first paste");
  await verdicts(person.page, 1024);
  await verdicts(person.page, 10 * 1024, 10);
  await verdicts(person.page, 100 * 1024);
  await heldPastes(person, browser);
  await loads(browser);
  await browser.close();
  browser = undefined;
  await fastPath(server.port);
  printTable();
} finally {
  await browser?.close();
  await agent.stop();
  server.close();
  remove(folder);
}
