// SPDX-License-Identifier: Apache-2.0
// As IT installs it in Firefox: the policy file that gatehousectl wrote and a package from a server, in a mount namespace of
// the browser's own. One line is the test's: Firefox takes a package that Mozilla did not sign only when told so.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packages } from "../../extension/packing/packages.mjs";
import { policy, socketOf, startAgent } from "./agent.mjs";
import { makeFolder, openBrowser, openPage, program, remove, root } from "./browser.mjs";
import { covered, whyNot, wrapped } from "./namespace.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const skip = whyNot();
const folder = makeFolder();
let server;
let updates;
let agent;
let browser;
let person;

// The package, as an update server of IT has it.
async function startUpdates() {
  const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" });
  const { files } = packages({ dist: join(root, "extension/dist"), base: "https://updates.example", key, isOwnKey: true });
  const xpi = [...files].find(([name]) => name.endsWith(".xpi"))[1];
  const http = createServer((_request, response) => response.writeHead(200, { "content-type": "application/x-xpinstall" }).end(xpi));
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${http.address().port}/gatehouse.xpi`, close: () => http.close() };
}

before(async () => {
  if (skip) {
    return;
  }
  server = await startServer(folder);
  updates = await startUpdates();
  agent = await startAgent(folder, { ...policy, fail_mode: "open" });
  // The developer tools stay, because without them nothing drives Firefox.
  const options = ["--browser", "firefox", "--source", updates.address, "--fail-mode", "closed", "--block", "news.example", "--developer-tools"];
  const written = execFileSync(program("app/gatehousectl"), ["browser-policy", ...options], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const settings = JSON.parse(written);
  settings.policies.Preferences = { "xpinstall.signatures.required": { Value: false, Status: "locked" } };
  const etc = join(folder, "etc");
  mkdirSync(join(etc, "firefox/policies"), { recursive: true });
  writeFileSync(join(etc, "firefox/policies/policies.json"), JSON.stringify(settings));
  browser = await openBrowser({
    folder,
    port: server.port,
    socket: socketOf(folder),
    isInstalled: true,
    wrap: (firefox) => wrapped(folder, covered(etc, "/etc"), firefox),
  });
  const page = await openPage(browser, "https://chatgpt.com/");
  person = await Person.at(page);
  const isGuarded = async () => {
    await page.reload();
    await person.clear();
    await person.paste("#area", "the SECRET plan");
    return until(async () => person.value("#area"), "the text").then((text) => !text.includes("SECRET"));
  };
  await until(isGuarded, "the extension that policy installs");
});
after(async () => {
  await browser?.close();
  await agent?.stop();
  server?.close();
  updates?.close();
  remove(folder);
});

test("the extension that policy installed guards, and talks with the agent", { skip }, async () => {
  await person.page.reload();
  await person.paste("#prompt-textarea", "this is FORBIDDEN here");
  await person.sees("This paste was stopped");
  assert.equal(await person.editor(), "");
  await person.closeNotice();
});

test("sites that are not to be used do not open", { skip }, async () => {
  const page = await browser.newPage();
  await assert.rejects(page.goto("https://news.example/"));
  await page.close();
});

test("what IT set is stricter than the agent's policy, and holds", { skip }, async () => {
  await person.page.bringToFront();
  await agent.stop();
  await person.paste("#prompt-textarea", "nobody looks at this");
  await person.sees("Gatehouse is not running");
  assert.equal(await person.editor(), "");
  agent = await startAgent(folder);
});
