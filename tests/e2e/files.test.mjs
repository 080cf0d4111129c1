// SPDX-License-Identifier: Apache-2.0
// Files on their way into a page: by a field, by a field outside of the page, by a drop, by a paste. Asserted by what the page
// and its server got.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { policy, socketOf, startAgent } from "./agent.mjs";
import { makeFolder, notInFirefox, openBrowser, openPage, remove } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const folder = makeFolder();
let server;
let agent;
let browser;
let person;

const file = (name, content) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const picture = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(2000, 7), Buffer.from([0, 255, 254, 0])]);
// A file that nobody can read asks where its channel is upload.
const rules = [...policy.rules, { id: "unreadable", when: { class: "unreadable", channel: "upload" }, then: "warn", message: "Nobody can read this file." }];

before(async () => {
  server = await startServer(folder);
  agent = await startAgent(folder, { ...policy, rules });
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder), isManaged: true });
  person = await Person.at(await openPage(browser, "https://chatgpt.com/"));
});
after(async () => {
  await browser?.close();
  await agent?.stop();
  server?.close();
  remove(folder);
});
beforeEach(async () => {
  await person.closeNotice();
  await person.clear();
  server.got.length = 0;
});

const files = async () => (await person.seen()).files;
const uploads = (count) => until(() => server.got.length >= count, `${count} uploads at the server`);

const ways = {
  field: (path) => person.choose("#file", path),
  detached: (path) => person.choose("#attach", path),
  drop: (path) => person.dropFiles("#zone", [path]),
};

for (const [how, give] of Object.entries(ways)) {
  test(`${how}: a harmless file comes to the page, and may be sent`, async () => {
    await give(file(`notes_${how}.txt`, `harmless words of ${how}, ä 😀\n`));
    await uploads(2);
    assert.deepEqual(await files(), [{ how, name: `notes_${how}.txt`, text: `harmless words of ${how}, ä 😀\n` }]);
    assert.deepEqual((await person.seen()).answers, []);
    assert.ok(server.got.every((each) => each.body.includes(`harmless words of ${how}`)));
    assert.equal(await person.notice(), "");
  });
  test(`${how}: a blocked file does not`, async () => {
    await give(file("secret.txt", "some lines\nwith a FORBIDDEN word\n"));
    const notice = await person.sees("This file was not uploaded");
    assert.ok(notice.includes("secret.txt"));
    assert.ok(!notice.includes("FORBIDDEN"));
    assert.deepEqual(await files(), []);
    assert.deepEqual(server.got, []);
  });
}

test("nothing can be replaced in a file", async () => {
  await ways.field(file("plan.txt", "the SECRET plan"));
  await person.sees("This file was not uploaded");
  assert.deepEqual(await files(), []);
});

test("a forbidden name is enough", async () => {
  await ways.field(file("FORBIDDEN.txt", "harmless"));
  await person.sees("This file was not uploaded");
  assert.deepEqual(await files(), []);
});

test("a file that nobody can read does what policy says: asked, and uploaded after a yes", async () => {
  await ways.field(file("picture.png", picture));
  await person.sees("Give this file to this site?");
  assert.deepEqual(await files(), []);
  await person.press("Do not upload");
  await until(async () => (await person.notice()) === "", "the dialog to close");
  assert.deepEqual(await files(), []);
  await ways.field(file("picture.png", picture));
  await person.press("Upload anyway");
  await uploads(2);
  assert.deepEqual((await files()).map((each) => each.name), ["picture.png"]);
  assert.deepEqual((await person.seen()).answers, []);
  assert.equal(await person.notice(), "", "and what was let go is not asked about when the page sends it");
});

test("of several files the page gets those that may go", async () => {
  await person.choose("#file", file("one.txt", "first harmless"), file("two.txt", "second FORBIDDEN"), file("three.txt", "third harmless"));
  await person.sees("two.txt");
  await uploads(4);
  assert.deepEqual((await files()).map((each) => each.name), ["one.txt", "three.txt"]);
});

test("a word at the end of a long file is found", async () => {
  const lines = "a harmless line of some length\n".repeat(60_000);
  await ways.field(file("long.txt", `${lines}FORBIDDEN`));
  await person.sees("This file was not uploaded");
  assert.deepEqual(await files(), []);
  await person.closeNotice();
  await ways.field(file("long.txt", lines));
  await uploads(2);
  assert.equal((await files())[0].text.length, lines.length);
});

test("a document is judged by the text in it", async () => {
  const pack = (name, text) => {
    const path = join(folder, name);
    const code = "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w', 8).writestr('inside.txt', sys.argv[2])";
    execFileSync("python3", ["-c", code, path, text]);
    return path;
  };
  await ways.field(pack("bad.zip", "a FORBIDDEN word inside of an archive"));
  await person.sees("This file was not uploaded");
  assert.deepEqual(await files(), []);
  await person.closeNotice();
  await ways.field(pack("good.zip", "harmless words inside of an archive"));
  await uploads(2);
  assert.deepEqual((await files()).map((each) => each.name), ["good.zip"]);
  assert.deepEqual((await person.seen()).answers, []);
});

test("a pasted picture is held, and comes", notInFirefox("no pictures in a clipboard without a display"), async () => {
  await person.page.bringToFront();
  await person.page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
  });
  await person.page.focus("#prompt-textarea");
  await person.pressPaste();
  await person.sees("Give this file to this site?");
  assert.deepEqual(await files(), []);
  await person.press("Upload anyway");
  await until(async () => (await files()).length === 1, "the picture");
  assert.equal((await files())[0].how, "paste");
});

test("a dropped folder is stopped", notInFirefox("a made drag carries no folder"), async () => {
  const path = join(folder, "folder");
  mkdirSync(path);
  writeFileSync(join(path, "inside.txt"), "anything");
  await person.dropFiles("#zone", [path]);
  await person.sees("Folders cannot be checked");
  assert.deepEqual(await files(), []);
});

test("pickers that nobody could hold are not there", async () => {
  assert.deepEqual(await person.page.evaluate(() => [typeof window.showOpenFilePicker, typeof window.showDirectoryPicker]), ["undefined", "undefined"]);
});

test("every file that was let go lies in the audit", async () => {
  await ways.field(file("audited.txt", "an audited file"));
  await uploads(2);
  await until(() => agent.audit().some((each) => each.channel === "upload" && each.outcome === "completed"), "the record");
});

test("without an agent no file comes", async () => {
  await agent.stop();
  await ways.field(file("late.txt", "nobody looks at this"));
  await person.sees("Gatehouse is not running");
  assert.deepEqual(await files(), []);
  agent = await startAgent(folder, { ...policy, rules });
});
