// SPDX-License-Identifier: Apache-2.0
// Text that the person types, sent with Enter, the send button and a form. Each test asserts what the page and its server got.
import assert from "node:assert/strict";
import { test } from "node:test";
import { policy, startAgent } from "./agent.mjs";
import { until } from "./person.mjs";
import { setStage } from "./stage.mjs";

const kEditor = "#prompt-textarea";
let server;
let person;
const stage = setStage((all) => {
  ({ server, person } = all);
});
const { folder } = stage;

async function type(text, selector = kEditor) {
  await person.page.focus(selector);
  await person.page.keyboard.type(text);
}
const enter = () => person.page.keyboard.press("Enter");
const sent = async () => (await person.seen()).sent;
const isSent = (count = 1) => until(async () => (await sent()).length >= count, "the page to send");
const isReceived = (text) => until(() => server.got.some((each) => each.body.includes(text)), `“${text}” at the server`);
const received = (text) => server.got.some((each) => each.body.includes(text));

test("a harmless message is sent by Enter, once and silently", async () => {
  await type("hello there");
  await enter();
  await isReceived("hello there");
  assert.deepEqual(await sent(), ["hello there"]);
  assert.equal(await person.notice(), "");
});

test("and by the button", async () => {
  await type("hello by button");
  await person.page.click("#send");
  await isReceived("hello by button");
  assert.deepEqual(await sent(), ["hello by button"]);
});

test("what policy replaces is replaced before it is sent", async () => {
  for (const send of [enter, () => person.page.click("#send")]) {
    await type("tell them the SECRET plan");
    await send();
    await isReceived("tell them the [[");
    await person.sees("replaced before sending");
    await person.closeNotice();
  }
  for (const text of await sent()) {
    assert.match(text, /^tell them the \[\[\w+\]\] plan$/);
  }
  assert.equal((await sent()).length, 2);
  assert.ok(!received("SECRET"));
});

test("a blocked message is not sent and stays where it is", async () => {
  for (const send of [enter, () => person.page.click("#send")]) {
    await person.clear();
    await type("this is FORBIDDEN here");
    await send();
    const notice = await person.sees("This message was not sent");
    assert.ok(!notice.includes("FORBIDDEN"));
    assert.equal(await person.editor(), "this is FORBIDDEN here");
    assert.deepEqual(await sent(), []);
    await person.closeNotice();
  }
  const { keys } = await person.seen();
  assert.ok(!keys.some((key) => key.endsWith(":Enter")), "the page sees neither the key going down nor up");
  assert.deepEqual(server.got, []);
});

test("a warning is asked once: yes sends, and the same text is not asked about again", async () => {
  await type("be CAREFUL with this");
  await enter();
  await person.sees("Send this to this site?");
  assert.deepEqual(await sent(), []);
  await person.press("Send anyway");
  await isReceived("be CAREFUL with this");
  await type("be CAREFUL with this");
  await enter();
  await isSent(2);
  assert.equal(await person.notice(), "");
});

test("a warning: no keeps it in the editor", async () => {
  await type("be CAREFUL with that");
  await enter();
  await person.press("Do not send");
  await until(async () => (await person.notice()) === "", "the dialog to close");
  assert.equal(await person.editor(), "be CAREFUL with that");
  assert.deepEqual(await sent(), []);
});

test("a reason is asked for, and sends", async () => {
  await type("there is a REASON to send");
  await enter();
  await person.sees("Why does this need to go to this site?");
  await person.page.keyboard.type("the customer asked");
  await person.press("Send with this reason");
  await isReceived("there is a REASON to send");
});

test("what was pasted after a warning is not asked about again, alone or in a longer message", async () => {
  const text = "this part is CAREFUL and long enough";
  await person.paste(kEditor, text);
  await person.press("Paste anyway");
  await until(async () => (await person.editor()).includes(text), "the text");
  await type(" and my own words");
  await enter();
  await isReceived("and my own words");
  assert.equal(await person.notice(), "");
});

test("what is typed beside it is", async () => {
  await person.paste(kEditor, "harmless but long enough to be known");
  await until(async () => (await person.editor()).includes("harmless"), "the text");
  await type(" with FORBIDDEN words");
  await enter();
  await person.sees("This message was not sent");
  assert.deepEqual(server.got, []);
});

test("a button that sends as soon as it is pressed does not before its click is let go", async () => {
  await person.page.evaluate(() => {
    for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup"]) {
      document.querySelector("#send").addEventListener(type, () => window.seen.posted.push(type));
    }
  });
  await type("this is FORBIDDEN here");
  await person.page.click("#send");
  await person.sees("This message was not sent");
  assert.deepEqual((await person.seen()).posted, []);
});

test("Shift and Enter makes a line, and Enter sends them all", async () => {
  await type("one line");
  await person.page.keyboard.down("Shift");
  await enter();
  await person.page.keyboard.up("Shift");
  await type("FORBIDDEN line");
  assert.deepEqual(await sent(), []);
  await enter();
  await person.sees("This message was not sent");
});

test("a form is held, and submitted when it may", async () => {
  await type("a harmless note", "#note");
  await person.page.click("#post");
  await until(async () => (await person.seen()).posted.length === 1, "the form");
  await person.clear();
  await type("a SECRET note", "#note");
  await person.page.click("#post");
  await until(async () => (await person.seen()).posted.length === 1, "the form");
  assert.match((await person.seen()).posted[0], /^a \[\[\w+\]\] note$/);
  await person.closeNotice();
  await person.clear();
  await type("a FORBIDDEN note", "#note");
  await person.page.click("#post");
  await person.sees("This message was not sent");
  assert.deepEqual((await person.seen()).posted, []);
});

test("Enter in a plain field still makes a new line", async () => {
  await type("first", "#area");
  await enter();
  await until(async () => (await person.value("#area")) === "first\n", "the new line");
  await type("second", "#area");
  assert.equal(await person.value("#area"), "first\nsecond");
});

test("every message that was let go lies in the audit", async () => {
  await type("an audited message with a SECRET");
  await enter();
  await isReceived("an audited message");
  await until(() => stage.agent.audit().some((each) => each.channel === "submit" && each.action === "redact"), "the record");
});

test("without an agent nothing is sent; with fail mode open it is", async () => {
  await stage.agent.stop();
  await type("nobody looks at this");
  await enter();
  await person.sees("Gatehouse is not running");
  assert.deepEqual(server.got, []);
  await person.closeNotice();
  stage.agent = await startAgent(folder, { ...policy, fail_mode: "open" });
  await until(async () => {
    await person.clear();
    await type("asked while open");
    await enter();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return received("asked while open");
  }, "the agent to be found again");
  await stage.agent.stop();
  await type("nobody looked at this");
  await enter();
  await isReceived("nobody looked at this");
  stage.agent = await startAgent(folder);
});
