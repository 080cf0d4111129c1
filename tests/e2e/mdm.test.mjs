// SPDX-License-Identifier: Apache-2.0
// As IT installs it: a policy file that gatehousectl wrote, a package from an update server, the native host registered for the
// machine, and a browser that is told nothing else. All of it lies in a mount namespace of the browser's own, so that no other
// browser of this machine sees the policy.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import puppeteer from "puppeteer-core";
import { packages } from "../../extension/packing/packages.mjs";
import { policy, socketOf, startAgent } from "./agent.mjs";
import { extensionId, makeFolder, openPage, program, remove, root } from "./browser.mjs";
import { chromium, siteArguments } from "./chromium.mjs";
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

// The packages, signed with a key that nobody else has; so the extension has another id than the released one.
async function startUpdates() {
  const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" });
  let files = new Map();
  const asked = [];
  const http = createServer((request, response) => {
    const name = request.url.slice(1).split("?")[0];
    asked.push(name);
    response.writeHead(files.has(name) ? 200 : 404).end(files.get(name));
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${http.address().port}`;
  const packed = packages({ dist: join(root, "extension/dist"), base, key, isOwnKey: true });
  files = packed.files;
  return { id: packed.id, base, asked, close: () => http.close() };
}

function writeManaged(id, source) {
  const etc = join(folder, "etc");
  const options = ["--browser", "chromium", "--source", source, "--fail-mode", "closed", "--block", "news.example"];
  const written = execFileSync(program("app/gatehousectl"), ["browser-policy", ...options], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const settings = JSON.parse(written.replaceAll(extensionId, id));
  // Here and nowhere else the developer tools stay, because they drive this test.
  settings.DeveloperToolsAvailabilityBlocklist = settings.DeveloperToolsAvailabilityBlocklist.filter((host) => host !== "chatgpt.com");
  mkdirSync(join(etc, "chromium/policies/managed"), { recursive: true });
  writeFileSync(join(etc, "chromium/policies/managed/gatehouse.json"), JSON.stringify(settings));
  // The host knows the released extension alone: it is told that name.
  const host = join(folder, "host.sh");
  writeFileSync(host, `#!/bin/sh\nexec '${program("native-messaging/gatehouse-native-host")}' 'chrome-extension://${extensionId}/'\n`, { mode: 0o755 });
  const template = readFileSync(join(root, "native-messaging/manifests/chromium.json.in"), "utf8").replaceAll(extensionId, id);
  const manifest = (path) => template.replace("@HOST_PATH@", path);
  mkdirSync(join(etc, "chromium/native-messaging-hosts"));
  writeFileSync(join(etc, "chromium/native-messaging-hosts/com.gatehouse.agent.json"), manifest(host));
  // What a person could put in its place.
  mkdirSync(join(folder, "profile/NativeMessagingHosts"), { recursive: true });
  writeFileSync(join(folder, "profile/NativeMessagingHosts/com.gatehouse.agent.json"), manifest("/bin/false"));
  return etc;
}

function openManaged(etc) {
  return puppeteer.launch({
    executablePath: wrapped(folder, covered(etc, "/etc"), chromium()),
    headless: true,
    pipe: true,
    protocolTimeout: 60_000,
    userDataDir: join(folder, "profile"),
    acceptInsecureCerts: true,
    env: { ...process.env, GATEHOUSE_SOCKET: socketOf(folder) },
    ignoreDefaultArgs: ["--disable-background-networking", "--disable-extensions", "--disable-component-update"], // the first keeps policy from installing
    args: ["--incognito", ...siteArguments(server.port)],
    defaultViewport: { width: 1000, height: 720 },
  });
}

before(async () => {
  if (skip) {
    return;
  }
  server = await startServer(folder);
  updates = await startUpdates();
  agent = await startAgent(folder, { ...policy, fail_mode: "open" });
  browser = await openManaged(writeManaged(updates.id, `${updates.base}/update.xml`));
  const page = await openPage(browser, "https://chatgpt.com/");
  const isGuarded = async () => {
    await page.reload();
    return page.evaluate(() => typeof window.showOpenFilePicker === "undefined");
  };
  await until(isGuarded, "the extension that policy installs");
  person = await Person.at(page);
});
after(async () => {
  await browser?.close();
  await agent?.stop();
  server?.close();
  updates?.close();
  remove(folder);
});
beforeEach(async () => {
  if (!skip) {
    await person.closeNotice();
    await person.clear();
    server.got.length = 0;
  }
});

test("the extension came from the update server, by policy alone", { skip }, () => {
  assert.match(updates.asked.slice(0, 2).join(), /^update\.xml,gatehouse-[\d.]+\.crx$/);
});

test("and guards, with the native host of the machine and not the person's own", { skip }, async () => {
  await person.paste("#prompt-textarea", "the SECRET plan");
  await until(async () => (await person.editor()).includes("plan"), "the text");
  assert.match(await person.editor(), /^the \[\[\w+\]\] plan$/);
});

test("what no script in the page holds is stopped without any flag", { skip }, async () => {
  const result = await person.page.evaluate(
    () =>
      new Promise((resolve) => {
        const worker = new Worker(trustedTypes.createPolicy("w", { createScriptURL: (url) => url }).createScriptURL("/worker.js"));
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage({ path: "/backend-api/f/conversation", body: "anything that nobody looked at" });
      }),
  );
  assert.equal(result, "refused");
  assert.deepEqual(server.got, []);
});

// The browser was asked to start with a private window. Extensions do not run there by themselves, and in this window it does.
test("private windows are closed", { skip }, async () => {
  const [first] = await browser.pages();
  await first.goto("https://chatgpt.com/");
  assert.equal(await first.evaluate(() => typeof window.showOpenFilePicker), "undefined");
});

test("sites that are not to be used do not open", { skip }, async () => {
  const page = await browser.newPage();
  await assert.rejects(page.goto("https://news.example/"), /ERR_BLOCKED_BY_ADMINISTRATOR/);
  await page.close();
});

test("what IT set is stricter than the agent's policy, and holds", { skip }, async () => {
  await person.page.bringToFront();
  await agent.stop();
  // Chromium hands the settings over some seconds after an installation.
  await until(async () => {
    await person.clear();
    await person.paste("#prompt-textarea", "nobody looks at this");
    await until(async () => (await person.editor()) !== "" || (await person.notice()) !== "", "an answer");
    return (await person.notice()).includes("Gatehouse is not running");
  }, "what IT set");
  assert.equal(await person.editor(), "");
  agent = await startAgent(folder);
});
