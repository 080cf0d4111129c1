// SPDX-License-Identifier: Apache-2.0
// Editor × channel × action × content, each cell asserted by what the page has seen and what the network sent: what is let in
// is sent by Enter afterwards and must arrive as it was let in, and what is stopped must arrive nowhere.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { policy, socketOf, startAgent } from "./agent.mjs";
import { isFirefox, makeFolder, openBrowser, remove } from "./browser.mjs";
import { allCells, cellsOfFirefox, chosenCells, editors, fewCells, nameOf } from "./cells.mjs";
import { EditorPage, flat } from "./editor_page.mjs";
import { until } from "./person.mjs";
import { startServer } from "./server.mjs";

const kWords = { allow: "harmless", redact: "SECRET", block: "FORBIDDEN", warn: "CAREFUL", justify: "REASON", missing: "harmless", timeout: "harmless" };
const kStopped = { paste: "This paste was stopped", drop: "This paste was stopped", submit: "This message was not sent" };
const kNotices = { missing: "Gatehouse is not running", timeout: "The check took too long" };
const kYes = { paste: "Paste", drop: "Paste", submit: "Send" };
const kLarge = Array.from({ length: 1300 }, (_, i) => `line ${i} of a rather long report that nobody reads to its end anyway`).join("\n");
const kPicture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
// Those that take formatted text; the others take its words.
const kRich = ["prosemirror", "tiptap", "quill", "lexical"];

const folder = makeFolder();
let server;
let agent;
let browser;
let page;
let count = 0;
const markOf = () => `mark${count}end`;

function textOf({ action, content }) {
  count += 1;
  const word = kWords[action];
  const texts = {
    large: `${kLarge}\nlast ${word} ${markOf()}`,
    lines: `first line ${markOf()}\nsecond ${word} line of ${markOf()}`,
    html: `the ${word} text ${markOf()}`,
    plain: `the ${word} text ${markOf()}`,
  };
  return { text: texts[content] ?? "", html: content === "html" ? `<p>the <strong>${word}</strong> text ${markOf()}</p>` : undefined };
}

async function copyPicture() {
  await page.person.page.bringToFront();
  await page.person.page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
  }, kPicture);
}

async function carry({ editor, channel, content }, { text, html }) {
  const { person } = page;
  if (channel === "drop") {
    await person.drop(page.selectorOf(editor), text, html);
  } else if (channel === "submit") {
    await page.type(editor, text);
    await page.press("Enter");
  } else {
    await (content === "image" ? copyPicture() : person.copy(text, html));
    await page.focus(editor);
    await person.pressPaste();
  }
}

async function answer({ channel, action }) {
  if (action === "warn") {
    await page.person.press(`${kYes[channel]} anyway`);
  } else if (action === "justify") {
    await page.person.sees("Why does this need to go to this site?");
    await page.person.page.keyboard.type("the customer asked");
    await page.person.press(`${kYes[channel]} with this reason`);
  }
}

async function assertStopped({ editor, channel, action }, { text }) {
  await page.person.sees(kNotices[action] ?? kStopped[channel]);
  const seen = await page.seen();
  assert.equal(flat(await page.text(editor)), channel === "submit" ? flat(text) : "");
  if (channel === "submit") {
    assert.equal(seen.enters, 0, "the page has seen the key");
  } else {
    assert.ok(!seen.texts.some((each) => each.includes(markOf())), "the page has seen it");
    assert.equal(seen.files.length, 0);
  }
  assert.deepEqual(server.got, []);
}

// What the text must have become.
function judgeOf({ action }, text) {
  if (action !== "redact") {
    return (value) => flat(value) === flat(text);
  }
  const [before, behind] = flat(text).split("SECRET");
  return (value) => {
    const isFramed = flat(value).startsWith(before) && flat(value).endsWith(behind);
    return isFramed && /^\[\[\w+\]\]$/.test(flat(value).slice(before.length, -behind.length));
  };
}

async function assertPut({ editor, channel, action, content }, isIt) {
  await page.reads(editor, isIt, "the text in the editor");
  const { texts } = await page.seen();
  if (action === "redact") {
    assert.ok(!texts.some((each) => each.includes("SECRET")), "the page has seen the word");
  } else if (action === "allow" && content === "html" && kRich.includes(editor)) {
    assert.match(await page.html(editor), /<(strong|b)\b[^>]*>/, "the format is lost");
  }
  assert.deepEqual(server.got, [], "nothing is sent before Enter");
  assert.ok(channel !== "submit");
}

async function assertPassed(cell, { text }) {
  if (cell.content === "image") {
    await until(async () => (await page.seen()).files.includes("image/png"), "the picture");
    return;
  }
  const isIt = judgeOf(cell, text);
  if (cell.channel !== "submit") {
    await assertPut(cell, isIt);
    await page.focus(cell.editor);
    await page.press("Enter");
  }
  await until(() => server.got.length > 0, "the request").catch(async (error) => {
    throw new Error(`${error.message}; the corner says “${await page.person.notice()}”`);
  });
  assert.deepEqual(server.got.map(({ method, path }) => `${method} ${path}`), ["POST /backend-api/f/conversation"]);
  const sent = JSON.parse(server.got[0].body).messages[0].content;
  assert.ok(isIt(sent), `sent: ${sent.length} letters, the last: ${sent.slice(-80)}`);
}

async function tryCell(cell) {
  await page.begin(cell.editor);
  server.got.length = 0;
  const given = textOf(cell);
  await carry(cell, given);
  await answer(cell);
  const isStopped = cell.action === "block" || cell.action in kNotices;
  await (isStopped ? assertStopped(cell, given) : assertPassed(cell, given));
}

async function trySilent(cell) {
  agent.pause();
  try {
    await tryCell(cell);
  } finally {
    agent.resume();
  }
}

before(async () => {
  server = await startServer(folder, true);
  agent = await startAgent(folder, policy);
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder) });
  page = await EditorPage.open(browser);
});
after(async () => {
  await browser?.close();
  await agent?.stop();
  server?.close();
  remove(folder);
});

// GATEHOUSE_CELLS: an expression for the names of cells, to try some of them.
const wanted = new RegExp(process.env.GATEHOUSE_CELLS ?? "");
const [all, some] = isFirefox ? [cellsOfFirefox, fewCells] : [allCells, chosenCells];
const chosen = process.env.GATEHOUSE_LONG ? all() : some();
const cells = chosen.filter((cell) => wanted.test(nameOf(cell)));
const isAnswered = ({ action }) => action !== "timeout" && action !== "missing";

async function tryAll(context, list, run) {
  for (const cell of list) {
    await context.test(nameOf(cell), () => run(cell));
  }
}
for (const editor of editors) {
  test(`${editor}: with an agent that answers`, (context) => tryAll(context, cells.filter((cell) => cell.editor === editor && isAnswered(cell)), tryCell));
}
test("with an agent that is silent", (context) => tryAll(context, cells.filter((cell) => cell.action === "timeout"), trySilent));
test("without an agent", async (context) => {
  await agent.stop();
  await tryAll(context, cells.filter((cell) => cell.action === "missing"), tryCell);
});
