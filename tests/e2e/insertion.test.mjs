// SPDX-License-Identifier: Apache-2.0
// What we put in ourselves behaves in each family of editors as a paste does: at the caret, instead of what is selected, undone
// in one step, once, and in no other field; and Enter waits for it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { policy, socketOf, startAgent } from "./agent.mjs";
import { makeFolder, openBrowser, remove } from "./browser.mjs";
import { editors } from "./cells.mjs";
import { EditorPage, flat } from "./editor_page.mjs";
import { until } from "./person.mjs";
import { startServer } from "./server.mjs";

const folder = makeFolder();
let server;
let agent;
let browser;
let page;

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

const reads = (editor, pattern) => page.reads(editor, (value) => pattern.test(value), `${pattern} in ${editor}`);

// Leaves the caret between the two words.
async function writeTwoWords(editor) {
  await page.begin(editor);
  server.got.length = 0;
  await page.type(editor, "left right");
  for (const _letter of "right") {
    await page.press("ArrowLeft");
  }
}
async function paste(text) {
  await page.person.copy(text);
  await page.person.pressPaste();
}

// While the agent is silent; again if that took longer than a verdict may.
async function pasteMeanwhile(editor, text, act) {
  for (let round = 0; round < 5; round += 1) {
    await page.begin(editor);
    server.got.length = 0;
    await page.person.copy(text);
    await page.focus(editor);
    agent.pause();
    try {
      await page.person.pressPaste();
      await act();
    } finally {
      agent.resume();
    }
    const isPut = async () => flat(await page.text(editor)).includes(flat(text));
    const isLate = async () => (await page.person.notice()).includes("The check took too long");
    if ((await until(async () => ((await isPut()) ? "put" : (await isLate()) ? "late" : ""), "an end of the paste")) === "put") {
      return;
    }
  }
  assert.fail("every check took too long");
}

for (const editor of editors) {
  test(`${editor}: a paste lands at the caret, which then stands behind it`, async () => {
    await writeTwoWords(editor);
    await paste("the SECRET word ");
    await reads(editor, /^left the \[\[\w+\]\] word right$/);
    await page.person.page.keyboard.type("!");
    await reads(editor, /^left the \[\[\w+\]\] word !right$/);
  });

  test(`${editor}: the caret is where it was after a reason was asked for`, async () => {
    await writeTwoWords(editor);
    await paste("a REASON here ");
    await page.person.sees("Why does this need to go to this site?");
    await page.person.page.keyboard.type("the customer asked");
    await page.person.press("Paste with this reason");
    await reads(editor, /^left a REASON here right$/);
    await page.person.page.keyboard.type("!");
    await reads(editor, /^left a REASON here !right$/);
  });

  test(`${editor}: what was selected is replaced`, async () => {
    await writeTwoWords(editor);
    await page.press("Control", "a");
    await paste("only the SECRET word");
    await reads(editor, /^only the \[\[\w+\]\] word$/);
  });

  test(`${editor}: one undo takes all of it back, and nothing comes twice`, async () => {
    await writeTwoWords(editor);
    await paste("the SECRET word ");
    await reads(editor, /^left the \[\[\w+\]\] word right$/);
    await page.press("Control", "z");
    await page.reads(editor, (value) => !value.includes("the"), "the undo");
    // Some editors take what was typed just before back with it, as with any paste.
    const left = flat(await page.text(editor));
    assert.ok("left right".startsWith(left), `left is “${left}”`);
  });

  test(`${editor}: Enter waits while the text is looked at, and sends it afterwards, once`, async () => {
    await pasteMeanwhile(editor, "some harmless words", () => page.press("Enter"));
    assert.equal((await page.seen()).enters, 0, "the page has seen the key");
    assert.deepEqual(server.got, []);
    await until(async () => {
      await page.press("Enter");
      return server.got.length > 0;
    }, "the request");
    assert.deepEqual([...new Set(server.got.map(({ body }) => flat(JSON.parse(body).messages[0].content)))], ["some harmless words"]);
  });

  test(`${editor}: whoever goes on in another field finds nothing there`, async () => {
    const other = editor === "textarea" ? "react" : "textarea";
    await page.begin(other);
    await pasteMeanwhile(editor, "words that stay here", () => page.focus(other));
    assert.equal(flat(await page.text(editor)), "words that stay here");
    assert.equal(await page.text(other), "");
  });
}
