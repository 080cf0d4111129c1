// SPDX-License-Identifier: Apache-2.0
// Real Chromium with the unpacked extension and the real native host. Nothing outside a temporary folder is touched: the
// host's manifest lies in the browser's own user-data folder.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

export const root = join(import.meta.dirname, "../..");
const extension = join(root, "extension/dist/chromium");
const build = process.env.GATEHOUSE_BUILD ?? join(root, "build/dev");
export const program = (path) => join(build, path);
export const extensionId = "amlcmoamanbdbgmjdocllhaoeacjjleo";

// Names under which the test server stands; there is no other host.
const kHosts = ["chatgpt.com", "claude.ai", "github.com", "ai.intranet.example", "news.example"];

export function makeFolder() {
  return mkdtempSync(join(tmpdir(), "gatehouse-e2e-"));
}

function writeHostManifest(profile) {
  const template = readFileSync(join(root, "native-messaging/manifests/chromium.json.in"), "utf8");
  const folder = join(profile, "NativeMessagingHosts");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "com.gatehouse.agent.json"), template.replace("@HOST_PATH@", program("native-messaging/gatehouse-native-host")));
}

function chromium() {
  const paths = [process.env.GATEHOUSE_CHROMIUM, "/usr/lib/chromium/chromium", "/usr/bin/chromium", "/usr/bin/google-chrome-for-testing"];
  const found = paths.find((path) => path && existsSync(path));
  if (!found) {
    throw new Error("no Chromium: install the package chromium, or set GATEHOUSE_CHROMIUM");
  }
  return found;
}

// `isManaged`: the extension may block requests, as one that policy installed may.
export async function openBrowser({ folder, port, socket, hasHost = true, isManaged = false }) {
  const profile = join(folder, "profile");
  mkdirSync(profile, { recursive: true });
  if (hasHost) {
    writeHostManifest(profile);
  }
  const browser = await puppeteer.launch({
    executablePath: chromium(),
    headless: true,
    pipe: true,
    protocolTimeout: 60_000,
    enableExtensions: [extension],
    userDataDir: profile,
    acceptInsecureCerts: true,
    env: { ...process.env, GATEHOUSE_SOCKET: socket },
    args: [
      ...(isManaged ? [`--allowlisted-extension-id=${extensionId}`] : []),
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync",
      "--disable-component-update", "--ignore-certificate-errors", "--window-size=1000,720",
      `--host-resolver-rules=${kHosts.map((host) => `MAP ${host} 127.0.0.1:${port}`).join()},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1`,
    ], // prettier-ignore
    defaultViewport: { width: 1000, height: 720 },
  });
  await browser.waitForTarget((target) => target.type() === "service_worker" && target.url().includes(extensionId), { timeout: 60_000 });
  return browser;
}

export async function openPage(browser, url) {
  const permissions = ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"];
  await browser.defaultBrowserContext().overridePermissions(new URL(url).origin, permissions);
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForFunction(() => typeof window.editorText === "function", { timeout: 60_000 });
  return page;
}

export function remove(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
