// SPDX-License-Identifier: Apache-2.0
// Where our scripts run besides the sites of the manifest: the hosts that policy adds, and tabs that were open before.
const kPage = "page";
const kContent = "content";

// One after the other, so that a later change of policy is not overtaken by an earlier one.
let last: Promise<void> = Promise.resolve();

export function registerScripts(hosts: readonly string[]): Promise<void> {
  last = last.then(() => register(hosts)).catch(() => undefined);
  return last;
}

async function register(hosts: readonly string[]): Promise<void> {
  const registered = await chrome.scripting.getRegisteredContentScripts();
  const matches = hosts.map((host) => `https://${host}/*`).sort();
  if (JSON.stringify(registered[0]?.matches?.toSorted() ?? []) === JSON.stringify(matches)) {
    return;
  }
  await chrome.scripting.unregisterContentScripts();
  if (matches.length > 0) {
    const where = { matches, runAt: "document_start" as const, allFrames: true, matchOriginAsFallback: true };
    // In this order: the first one waits for what the second one hands over.
    await chrome.scripting.registerContentScripts([
      { ...where, id: kPage, js: ["page.js"], world: "MAIN" },
      { ...where, id: kContent, js: ["content.js"] },
    ]);
    await enterTabs(matches);
  }
}

// A browser does not put content scripts into tabs that are open already. It is too late there for the page's own world,
// whose scripts have run.
async function enterTabs(matches: string[]): Promise<void> {
  for (const tab of await chrome.tabs.query({ url: matches })) {
    if (tab.id !== undefined) {
      const target = { tabId: tab.id, allFrames: true };
      await chrome.scripting.executeScript({ target, files: ["content.js"], injectImmediately: true }).catch(() => undefined);
    }
  }
}

export function enterOpenTabs(): void {
  const scripts = chrome.runtime.getManifest().content_scripts ?? [];
  void enterTabs([...new Set(scripts.flatMap((script) => script.matches ?? []))]);
}
