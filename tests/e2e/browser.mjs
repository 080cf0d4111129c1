// SPDX-License-Identifier: Apache-2.0
// The browser of this run, with the unpacked extension and the real native host: Chromium, or Firefox where GATEHOUSE_BROWSER
// says so. Nothing outside a temporary folder is touched.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");
const build = process.env.GATEHOUSE_BUILD ?? join(root, "build/dev");
export const program = (path) => join(build, path);
export const extensionId = "amlcmoamanbdbgmjdocllhaoeacjjleo";
export const isFirefox = process.env.GATEHOUSE_BROWSER === "firefox";

// For tests of what only one of the two has, or what only one of the two lets a test do: `test(name, notInFirefox("why"), …)`.
export const notInFirefox = (why) => ({ skip: isFirefox && why });

// Names under which the test server stands; there is no other host.
export const kHosts = ["chatgpt.com", "claude.ai", "github.com", "ai.intranet.example", "news.example"];

export function makeFolder() {
  return mkdtempSync(join(tmpdir(), "gatehouse-e2e-"));
}

// `family` is that of the template: what a browser wants to know of who may start the host.
export function writeHostManifest(folder, family) {
  const template = readFileSync(join(root, `native-messaging/manifests/${family}.json.in`), "utf8");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "com.gatehouse.agent.json"), template.replace("@HOST_PATH@", program("native-messaging/gatehouse-native-host")));
}

// Program and arguments of what a browser starts: the host serves nobody else. A shell that is called like one starts it.
export function asBrowser(folder, ...command) {
  const shell = join(folder, "chromium");
  if (!existsSync(shell)) {
    copyFileSync("/bin/sh", shell);
  }
  return [shell, ["-c", '"$0" "$@"; exit $?', ...command]];
}

export function firstOf(paths, what) {
  const found = paths.find((path) => path && existsSync(path));
  if (!found) {
    throw new Error(`no ${what}`);
  }
  return found;
}

// `isManaged`: the extension may block requests, as one that policy installed may; in Firefox it always may.
export async function openBrowser(options) {
  const { open } = await (isFirefox ? import("./firefox.mjs") : import("./chromium.mjs"));
  return open(options);
}

export async function openPage(browser, url) {
  if (!isFirefox) {
    const permissions = ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"];
    await browser.defaultBrowserContext().overridePermissions(new URL(url).origin, permissions);
  }
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForFunction(() => typeof window.editorText === "function", { timeout: 60_000 });
  return page;
}

export function remove(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
