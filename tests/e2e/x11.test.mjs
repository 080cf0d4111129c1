// SPDX-License-Identifier: Apache-2.0
// A desktop: the tray program, a browser with a window, real keys and clicks, and what other programs copied. The browser's own
// debugger only looks; what happens, X11 makes happen.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { socketOf } from "./agent.mjs";
import { makeFolder, openBrowser, openPage, remove } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";
import { Display, startTray, whyNot } from "./x11.mjs";

const kEditor = "#prompt-textarea";
const skip = whyNot();
const folder = makeFolder();
let display;
let agent;
let server;
let browser;
let person;

before(async () => {
  if (skip) {
    return;
  }
  display = await Display.start();
  agent = await startTray(folder, display);
  server = await startServer(folder);
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder), display: display.environment });
  person = await Person.at(await openPage(browser, "https://chatgpt.com/"));
});
after(async () => {
  await browser?.close();
  await agent?.stop();
  server?.close();
  display?.stop();
  remove(folder);
});
beforeEach(async () => {
  if (!skip) {
    await person.page.bringToFront();
    await person.closeNotice();
    await person.clear();
    server.got.length = 0;
  }
});

const reads = (pattern, selector = kEditor) =>
  until(async () => pattern.test(selector === kEditor ? await person.editor() : await person.value(selector)), `${pattern} in ${selector}`);
const pageKnows = async (text) => JSON.stringify(await person.seen()).includes(text);

// Pastes until the browser's own paste came through: the agent needs a moment to look at a new clipboard.
async function pasteUntouched(selector, text) {
  await until(async () => {
    await person.clear();
    await display.click(person.page, selector);
    display.press("ctrl+v");
    await until(async () => (await person.seen()).pastes.length > 0, "a paste");
    await reads(new RegExp(text), selector);
    return (await person.seen()).pastes.every(({ isTrusted }) => isTrusted);
  }, "a paste that passes untouched");
}

test("whichever keys paste, what policy replaces is replaced", { skip }, async () => {
  for (const keys of ["ctrl+v", "ctrl+shift+v", "shift+Insert"]) {
    await display.hold("clipboard", `the SECRET of ${keys}`);
    await display.click(person.page, kEditor);
    display.press(keys);
    await reads(/^the \[\[\w+\]\] of /);
    assert.ok(!(await pageKnows("SECRET")));
    await person.clear();
  }
});

test("the middle button pastes what another program selected, looked at for itself", { skip }, async () => {
  await display.hold("clipboard", "harmless clipboard");
  await display.hold("primary", "the SECRET selection");
  for (const selector of [kEditor, "#area"]) {
    await display.click(person.page, selector, 2);
    await reads(/^the \[\[\w+\]\] selection/, selector);
  }
  assert.ok(!(await pageKnows("SECRET")));
  await person.sees("replaced before pasting");
  await person.closeNotice();
  await person.clear();
  await display.hold("primary", "a FORBIDDEN selection");
  await display.click(person.page, kEditor, 2);
  await person.sees("This paste was stopped");
  assert.equal(await person.editor(), "");
  await person.closeNotice();
  await display.hold("primary", "a harmless selection");
  await display.click(person.page, kEditor, 2);
  await reads(/^a harmless selection/);
});

test("what is typed is sent as policy wants it", { skip }, async () => {
  await display.click(person.page, kEditor);
  display.do("type", "--clearmodifiers", "the SECRET plan");
  await reads(/^the SECRET plan$/);
  display.press("Return");
  await until(() => server.got.length > 0, "the request");
  assert.match(JSON.parse(server.got[0].body).messages[0].content.parts[0], /^the \[\[\w+\]\] plan$/);
});

test("a clipboard that the agent has allowed is pasted by the browser itself, in the same frame, undone in one step, and recorded", { skip }, async () => {
  await display.hold("clipboard", "allowed words of another program");
  await pasteUntouched("#area", "^allowed words of another program$");
  display.press("ctrl+z");
  await reads(/^$/, "#area");
  await person.page.evaluate(() => {
    let frames = 0;
    const count = () => {
      frames += 1;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    window.addEventListener("keydown", (event) => event.key === "v" && (frames = 0), true);
    window.addEventListener("input", () => (window.framesOfPaste = frames), true);
  });
  display.press("ctrl+v");
  await reads(/^allowed words of another program$/, "#area");
  assert.equal(await person.page.evaluate(() => window.framesOfPaste), 0);
  assert.ok((await person.seen()).pastes.every(({ isTrusted }) => isTrusted));
  await until(() => agent.audit().some((each) => each.channel === "paste" && each.action === "allow"), "the record");
});

test("its formats are kept", { skip }, async () => {
  const page = await openPage(browser, "https://news.example/");
  await page.evaluate(() => {
    const line = document.createElement("p");
    line.append("some ", Object.assign(document.createElement("strong"), { textContent: "bold" }), " words");
    document.querySelector("main").prepend(line);
    getSelection().selectAllChildren(line);
  });
  await page.bringToFront();
  display.press("ctrl+c");
  await person.page.bringToFront();
  await pasteUntouched(kEditor, "some bold words");
  assert.equal(await person.page.$eval(`${kEditor} strong`, (element) => element.textContent), "bold");
  await page.close();
});

test("a clipboard that the agent would change is held", { skip }, async () => {
  await display.hold("clipboard", "first harmless");
  await pasteUntouched(kEditor, "first harmless");
  await person.clear();
  await display.hold("clipboard", "then a SECRET");
  display.press("ctrl+v");
  await reads(/^then a \[\[\w+\]\]$/);
  assert.ok((await person.seen()).pastes.every(({ isTrusted }) => !isTrusted));
});
