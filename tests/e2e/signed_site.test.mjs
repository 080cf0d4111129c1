// SPDX-License-Identifier: Apache-2.0
// A site that nobody knew comes in a signed bundle, changes in the next one, and is guarded without another extension; what
// somebody else signed changes nothing.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { policy as usual, socketOf, startAgent } from "./agent.mjs";
import { makeFolder, openBrowser, openPage, program, remove } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const kAddress = "https://ai.intranet.example/";
const folder = makeFolder();
const machine = join(folder, "machine");
let server;
let agent;
let browser;
let listed; // a page that stands for the browser: its hands count the scripts
let person;

function makeSigner(name) {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const options = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", `/CN=${name}`];
  execFileSync("openssl", [...options, "-keyout", key, "-out", certificate], { stdio: "ignore" });
  return { key, certificate };
}

// With the stock tool, as IT would; it appears whole.
function publish(serial, site, { key, certificate }) {
  const source = join(folder, "bundle.json");
  const fresh = join(folder, "bundle.p7");
  writeFileSync(source, JSON.stringify({ ...usual, meta: { id: "it", serial }, sites: site ? [site] : [] }));
  execFileSync("openssl", ["cms", "-sign", "-nodetach", "-binary", "-in", source, "-signer", certificate, "-inkey", key, "-outform", "DER", "-out", fresh], { stdio: "ignore" });
  chmodSync(fresh, 0o644);
  renameSync(fresh, join(machine, "it.p7"));
}
const isBroken = () => {
  const done = execFileSync(program("app/gatehousectl"), ["policy", "show", "--why", "--machine", machine, "--data", join(folder, "data"), "--policy", join(folder, "policy.json")], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return done.includes("broken");
};

let signer;
let thief;
before(async () => {
  mkdirSync(machine, { mode: 0o755 });
  signer = makeSigner("signer");
  thief = makeSigner("thief");
  copyFileSync(signer.certificate, join(machine, "signers.pem"));
  chmodSync(join(machine, "signers.pem"), 0o644);
  publish(1, undefined, signer);
  server = await startServer(folder);
  agent = await startAgent(folder, { meta: { id: "person" } }, { machine });
  browser = await openBrowser({ folder, port: server.port, socket: socketOf(folder), isManaged: true });
  listed = await Person.at(await openPage(browser, "https://chatgpt.com/"));
});
after(async () => {
  await browser?.close();
  await agent?.stop();
  server?.close();
  remove(folder);
});
beforeEach(async () => {
  await person?.page.close();
  person = undefined;
  server.got.length = 0;
});

const visit = async () => {
  person = await Person.at(await openPage(browser, kAddress));
  await person.page.bringToFront();
};
const scripts = (count) => until(() => listed.hands.countScripts().then((all) => all === count), `${count} scripts`);
const post = (path, body) => person.page.evaluate((where, what) => fetch(where, { method: "POST", body: what }).then(() => "sent", () => "refused"), path, body);

test("before, it is a page like any other", async () => {
  await visit();
  await person.paste("#area", "FORBIDDEN elsewhere");
  await until(async () => (await person.value("#area")) !== "", "the paste");
});

test("a signed bundle adds it: pastes, its editor, its requests", async () => {
  publish(2, { name: "In-house", hosts: ["ai.intranet.example"], composer: "#line", send: "#attach", prompts: ["/ask"] }, signer);
  await scripts(2);
  await visit();
  await person.paste("#area", "this is FORBIDDEN here");
  await person.sees("This paste was stopped");
  await person.closeNotice();
  await person.page.focus("#line");
  await person.page.keyboard.type("a FORBIDDEN line");
  await person.page.keyboard.press("Enter");
  await person.sees("This message was not sent");
  await person.closeNotice();
  assert.equal(await post("/ask", "FORBIDDEN"), "refused");
  assert.equal(await post("/other", "FORBIDDEN"), "sent", "a word on another path is nobody's prompt");
  assert.deepEqual(server.got.map(({ path }) => path), ["/other"]);
});

test("the next one says it anew, and an open page takes it in", async () => {
  await visit();
  assert.equal(await post("/other", "FORBIDDEN"), "sent");
  publish(3, { name: "In-house", hosts: ["ai.intranet.example"], composer: "#note", send: "#post", prompts: ["/other"] }, signer);
  await until(async () => (await post("/other", "FORBIDDEN")) === "refused", "the new path");
  await person.closeNotice();
  await person.page.focus("#note");
  await person.page.keyboard.type("a FORBIDDEN note");
  await person.page.click("#post");
  await person.sees("This message was not sent");
});

test("what somebody else signed, and an older one, change nothing", async () => {
  publish(4, undefined, thief);
  await until(isBrokenNow, "the agent to see it");
  publish(2, undefined, signer);
  await visit();
  assert.equal(await post("/other", "FORBIDDEN"), "refused");
  assert.equal(await listed.hands.countScripts(), 2);
});
function isBrokenNow() {
  try {
    return isBroken();
  } catch (error) {
    return `${error.stdout}${error.stderr}`.includes("broken");
  }
}
