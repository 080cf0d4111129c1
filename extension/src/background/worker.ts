// SPDX-License-Identifier: Apache-2.0
// The worker: between the content scripts and the agent. It adds what only the browser knows (origin, tab, frame), and
// turns what comes back, or does not come back, into an outcome.
import type { Guard, GuardChanged, Health, Outcome, Taken, ToWorker } from "../shared/messages";
import { type EventWord, isFields, kHostName } from "../shared/protocol";
import { Connection } from "./connection";
import { Desk, type Place } from "./desk";
import { Files } from "./files";
import { Ledger } from "./ledger";
import { documentOf, Requests } from "./requests";
import { enterOpenTabs, registerScripts } from "./scripts";
import { Settings } from "./settings";

const isFirefox = chrome.runtime.getURL("").startsWith("moz-");
const ledger = new Ledger();
const settings = new Settings(() => {
  ledger.clear();
  requests.watch();
  void registerScripts(settings.addedHosts);
  tellTabs();
});
const connection = new Connection({
  open: () => chrome.runtime.connectNative(kHostName),
  hello: async () => ({
    extensionVersion: chrome.runtime.getManifest().version,
    browser: isFirefox ? "firefox" : "chromium",
    browserVersion: /(?:Chrome|Firefox)\/([\d.]+)/.exec(navigator.userAgent)?.[1] ?? "",
    profile: await settings.profile(),
    incognito: chrome.extension?.inIncognitoContext ?? false,
  }),
  onPolicy: (policy) => void settings.setPolicy(policy),
  onState: (isUp) => {
    showState(isUp);
    void (isUp && reportMissed());
  },
});
const desk = new Desk(connection, ledger, () => settings.failMode, (origin, kind, verdict) => {
  const action = verdict?.action ?? "held";
  const isQuiet = kind === "network" && (action === "allow" || action === "log"); // a page sends all the time
  if (!isQuiet) {
    settings.keep({ at: Date.now(), host: new URL(origin).hostname, kind, action, found: verdict?.found ?? [] });
  }
});
const files = new Files(connection, desk);
const requests = new Requests(settings, ledger, isFirefox ? askAboutRequest : undefined);
requests.watch(); // at once, for what a sleeping worker is woken by; again when the stored policy is read
void settings.ready.then(() => requests.watch());

// Nobody can be asked at this place: a question is a no.
async function askAboutRequest(origin: string, place: Place["place"], texts: readonly string[]): Promise<boolean> {
  await settings.ready;
  const outcome = await desk.askRequest({ origin, topOrigin: origin, place }, texts);
  return outcome.state === "verdict" ? outcome.verdict.action === "allow" || outcome.verdict.action === "log" : outcome.state === "missing" && outcome.failMode === "open";
}

// The button says at a glance when nobody checks.
function showState(isUp: boolean): void {
  void chrome.action.setBadgeText({ text: isUp ? "" : "!" });
  void chrome.action.setBadgeBackgroundColor({ color: "#b3342d" });
  void chrome.action.setTitle({ title: isUp ? "Gatehouse" : "Gatehouse: the agent is not running" });
}

function tellTabs(): void {
  const message: GuardChanged = { type: "guard_changed" };
  void chrome.tabs.query({}).then((tabs) => {
    for (const tab of tabs) {
      if (tab.id !== undefined) {
        void chrome.tabs.sendMessage(tab.id, message).catch(() => undefined); // no content script there
      }
    }
  });
}

async function reportMissed(): Promise<void> {
  const missed = await settings.missed();
  await settings.forget();
  for (const row of missed) {
    await connection.tell({ type: "event", ...row });
  }
}

// Where a message comes from, as the browser says. Undefined for anything that is not a content script of a page.
function originOf(sender: chrome.runtime.MessageSender): Place | undefined {
  if (sender.id !== chrome.runtime.id || !sender.tab || !sender.origin?.startsWith("https://")) {
    return undefined;
  }
  const topOrigin = sender.tab.url ? new URL(sender.tab.url).origin : "";
  return { origin: sender.origin, topOrigin, place: { tab: sender.tab.id ?? -1, frame: sender.frameId ?? -1 } };
}

async function health(url: string): Promise<Health> {
  await connection.connected();
  await connection.ask({ type: "ping" }, 1000);
  const host = URL.canParse(url) && url.startsWith("https://") ? new URL(url).hostname : "";
  const { revision, failMode } = settings;
  const missed = (await settings.missed()).reduce((sum, each) => sum + each.count, 0);
  const page = host ? { host, name: settings.siteOf(host)?.name ?? host, isGuarded: settings.isGuardedAt(url) } : undefined;
  return { isUp: connection.isUp, agentVersion: connection.agentVersion, revision, failMode, page, decisions: await settings.decisions(), missed };
}

function guardOf(host: string): Guard {
  const { failMode, sendsRedacted } = settings;
  const site = settings.siteOf(host);
  return { isGuarded: settings.isGuarded(host), failMode, sendsRedacted, ...(site ? { site } : {}) };
}

async function report(origin: string, what: EventWord, interaction: string | undefined): Promise<void> {
  const message = { type: "event", what, origin, ...(interaction ? { interaction } : {}) };
  if (!connection.isUp || !(await connection.tell(message))) {
    await settings.remember(what, origin);
  }
}

async function answer(message: ToWorker, sender: chrome.runtime.MessageSender): Promise<Guard | Outcome | Taken | Health | undefined> {
  await settings.ready;
  if (message.type === "health" && sender.url?.startsWith(chrome.runtime.getURL(""))) {
    return health(message.url);
  }
  const from = originOf(sender);
  if (!from) {
    return undefined;
  }
  const { origin } = from;
  switch (message.type) {
    case "guard":
      void connection.connected(); // warm before the first paste
      return guardOf(new URL(origin).hostname);
    case "ask":
      return desk.ask(from, message.question);
    case "request":
      return desk.askRequest(from, requests.textsOf(origin, message.sent));
    case "file_begin":
    case "file_chunk":
    case "file_end":
    case "file_cancel":
      return files.take(from, message);
    case "hooked":
      requests.hooked(documentOf({ documentId: sender.documentId, tabId: from.place.tab, frameId: from.place.frame }));
      return undefined;
    case "answer":
      return desk.answer(from, message.interaction, message.proceed, message.justification);
    case "event":
      await report(origin, message.what, message.interaction);
      return undefined;
    default:
      return undefined;
  }
}

chrome.runtime.onMessage.addListener((message: unknown, sender, respond) => {
  if (!isFields(message)) {
    return false;
  }
  answer(message as ToWorker, sender).then(respond, () => respond(undefined));
  return true; // answered later
});

chrome.runtime.onInstalled.addListener(enterOpenTabs);
chrome.runtime.onStartup.addListener(() => void connection.connected());
