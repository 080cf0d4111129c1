// SPDX-License-Identifier: Apache-2.0
// Real Chromium. The host's manifest lies in the browser's own user-data folder.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { extensionId, firstOf, kHosts, root, writeHostManifest } from "./browser.mjs";

const extension = join(root, "extension/dist/chromium");

export const chromium = () =>
  firstOf(
    [process.env.GATEHOUSE_CHROMIUM, "/usr/lib/chromium/chromium", "/usr/bin/chromium", "/usr/bin/google-chrome-for-testing"],
    "Chromium: install the package chromium, or set GATEHOUSE_CHROMIUM",
  );

// A browser for which the test server stands for every site there is.
export const siteArguments = (port) => [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync", "--disable-component-update",
  "--ignore-certificate-errors", "--window-size=1000,720",
  `--host-resolver-rules=${kHosts.map((host) => `MAP ${host} 127.0.0.1:${port}`).join()},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1`,
]; // prettier-ignore

// `display`: the environment of an X server, on which there is a window then.
// `others`: folders of further extensions, which are there before ours.
export async function open({ folder, port, socket, hasHost = true, isManaged = false, language = "en", others = [], display }) {
  const profile = join(folder, "profile");
  mkdirSync(profile, { recursive: true });
  if (hasHost) {
    writeHostManifest(join(profile, "NativeMessagingHosts"), "chromium");
  }
  const browser = await puppeteer.launch({
    executablePath: chromium(),
    headless: display === undefined,
    pipe: true,
    protocolTimeout: 60_000,
    enableExtensions: [...others, extension],
    userDataDir: profile,
    acceptInsecureCerts: true,
    env: { ...process.env, ...display, GATEHOUSE_SOCKET: socket, LANGUAGE: language },
    args: [
      ...(isManaged ? [`--allowlisted-extension-id=${extensionId}`] : []),
      `--lang=${language}`,
      "--disable-background-networking",
      ...(display ? ["--ozone-platform=x11", "--window-position=0,0"] : []),
      ...siteArguments(port),
    ],
    defaultViewport: display ? null : { width: 1000, height: 720 },
  });
  await browser.waitForTarget((target) => target.type() === "service_worker" && target.url().includes(extensionId), { timeout: 60_000 });
  return browser;
}
