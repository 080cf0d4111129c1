// SPDX-License-Identifier: Apache-2.0
// The worker: between the content scripts and the agent. It adds what only the browser knows (origin, tab, frame), and
// turns what comes back, or does not come back, into an outcome.
import { sites as listedSites } from "../../sites/index";
import type { ClipKnown, Guard, GuardChanged, Health, Managed, Outcome, Reading, Taken, ToWorker, UnlistedFound } from "../shared/messages";
import { type EventWord, isFields, kHostName, readReading } from "../shared/protocol";
import { say } from "../shared/say";
import { Connection } from "./connection";
import { Desk, type Place } from "./desk";
import { Files } from "./files";
import { Ledger } from "./ledger";
import { Focus } from "./focus";
import { Gate } from "./gate";
import { documentOf, type Guarded, Requests } from "./requests";
import { enterOpenTabs, registerScripts } from "./scripts";
import { Settings } from "./settings";
import { allWords, Successions } from "./successions";
import { type Found, Unlisted } from "./unlisted";

const kReadingLimit = 5000;

const isFirefox = chrome.runtime.getURL("").startsWith("moz-");
const ledger = new Ledger();
const settings = new Settings(() => {
  ledger.clear();
  requests.watch();
  unlisted.watch();
  void enterHosts();
  setGate();
});
const gate = new Gate();
const unlisted = new Unlisted(settings, (found) => void onFound(found));
// What is guarded: by the lists, and where policy has us guard what no list names.
const guarded: Guarded = {
  isGuarded: (host) => settings.isGuarded(host) || unlisted.isGuarded(host),
  siteOf: (host) => settings.siteOf(host),
  get hosts() {
    return [...settings.hosts, ...unlisted.guardedHosts];
  },
};
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
  onClip: (clip) => focus.clip(clip),
  onState: (isUp) => {
    setGate();
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
}, () => settings.patience);
const focus = new Focus(connection, (tab, frame, { key, text, html, isAllowed }) => {
  const message: ClipKnown = { type: "clip", key, text, html, allowed: isAllowed };
  void chrome.tabs.sendMessage(tab, message, { frameId: frame }).catch(() => undefined);
});
const files = new Files(connection, desk);
const successions = new Successions();
const requests = new Requests(guarded, ledger, isFirefox ? askAboutRequest : undefined, (origin) => void report(origin, "upload_unseen", undefined), (url, tab, texts) => void revisit(url, tab, texts));
requests.watch(); // at once, for what a sleeping worker is woken by; again when the stored policy is read
void settings.ready.then(async () => {
  unlisted.remember(await settings.foundHosts());
  requests.watch();
  unlisted.watch();
  gate.wake();
  await connection.settled();
  setGate();
});

// Closed while nobody checks, unless policy says otherwise.
function setGate(): void {
  const isClosed = !connection.isUp && settings.failMode === "closed";
  const own = new Set(listedSites.flatMap((site) => [...site.hosts, ...(site.helpers ?? [])]));
  gate.set(isClosed ? settings.guardedSites : undefined, guarded.hosts.filter((host) => !own.has(host)));
}

// Nobody can be asked at this place: a question is a no.
async function askAboutRequest(origin: string, place: Place["place"], texts: readonly string[]): Promise<boolean> {
  await settings.ready;
  const outcome = await desk.askRequest({ origin, topOrigin: origin, place }, texts);
  return outcome.state === "verdict" ? outcome.verdict.action === "allow" || outcome.verdict.action === "log" : outcome.state === "missing" && outcome.failMode === "open";
}

// Chromium does not wait: the visit was refused, and is made again when the agent lets its words go.
async function revisit(url: string, tab: number, texts: readonly string[]): Promise<void> {
  if (await askAboutRequest(new URL(url).origin, { tab, frame: 0 }, texts)) {
    await chrome.tabs.update(tab, { url }).catch(() => undefined);
  }
}

// The button says at a glance when nobody checks.
function showState(isUp: boolean): void {
  void chrome.action.setBadgeText({ text: isUp ? "" : "!" });
  void chrome.action.setBadgeBackgroundColor({ color: "#b3342d" });
  void chrome.action.setTitle({ title: isUp ? "Gatehouse" : say("badgeDown") });
}

async function enterHosts(): Promise<void> {
  await registerScripts([...settings.addedHosts, ...unlisted.guardedHosts]);
  tellTabs();
}

// An AI site that no list names: told to the agent, and to the person where policy has a say.
async function onFound({ host, tab }: Found): Promise<void> {
  await settings.keepFound(unlisted.hosts);
  await report(`https://${host}`, unlisted.isBlocked(host) ? "unlisted_refused" : "unlisted_ai", undefined);
  if (unlisted.isGuarded(host)) {
    requests.watch();
    await enterHosts();
    const message: UnlistedFound = { type: "unlisted", isBlocked: unlisted.isBlocked(host) };
    await chrome.tabs.sendMessage(tab, message).catch(() => undefined);
  }
}

// Nothing is let in where policy blocks what no list names.
function refusalOf(origin: string): Outcome | undefined {
  const isBlocked = unlisted.isBlocked(new URL(origin).hostname);
  return isBlocked ? { state: "refused", error: "unlisted" } : undefined;
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
  const page = host ? { host, name: settings.siteOf(host)?.name ?? host, isGuarded: settings.isGuardedAt(url) || unlisted.isGuarded(host), isUnlisted: unlisted.isUnlisted(host) } : undefined;
  return { isUp: connection.isUp, agentVersion: connection.agentVersion, revision, failMode, page, decisions: await settings.decisions(), missed };
}

function guardOf(host: string): Guard {
  const { failMode, sendsRedacted, answers, hasFastPath, patience } = settings;
  const site = settings.siteOf(host);
  return { isGuarded: guarded.isGuarded(host), answers, hasFastPath, failMode, patience, sendsRedacted, ...(site ? { site } : {}) };
}

async function report(origin: string, what: EventWord, interaction: string | undefined): Promise<void> {
  const message = { type: "event", what, origin, ...(interaction ? { interaction } : {}) };
  if (!connection.isUp || !(await connection.tell(message))) {
    await settings.remember(what, origin);
  }
}

// What the page shows; empty where policy does not ask, and where nobody answers: nothing leaves here.
async function reading({ origin, topOrigin, place }: Place, text: string, placeholders: readonly string[]): Promise<Reading> {
  const none: Reading = { values: [], marks: [] };
  if (settings.answers === "leave" || !guarded.isGuarded(new URL(origin).hostname)) {
    return none;
  }
  const reply = await connection.ask({ type: "reading", origin, topOrigin, ...place, text, placeholders }, kReadingLimit);
  return (reply.state === "answered" && readReading(reply.message)) || none;
}

// True when the agent showed it in its chat window.
async function openChat(origin: string, text: string): Promise<boolean> {
  const reply = await connection.ask({ type: "chat", origin, text }, kReadingLimit);
  return reply.state === "answered" && reply.message.opened === true;
}

async function answer(message: ToWorker, sender: chrome.runtime.MessageSender): Promise<Guard | Outcome | Taken | Health | Managed | Reading | Record<string, string> | string | boolean | undefined> {
  await settings.ready;
  await gate.settled;
  const isOurPage = sender.id === chrome.runtime.id && (sender.url?.startsWith(chrome.runtime.getURL("")) ?? false);
  if (message.type === "health" && isOurPage) {
    return health(message.url);
  }
  if (message.type === "managed" && isOurPage) {
    const { revision, failMode, sendsRedacted, answers, unlisted: word, hasFastPath, listed } = settings;
    return { revision, failMode, sendsRedacted, answers, unlisted: word, hasFastPath, sites: listed };
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
      return refusalOf(origin) ?? desk.ask(from, message.question);
    case "request":
      return refusalOf(origin) ?? desk.askRequest(from, requests.textsOf(origin, message.sent));
    case "file_begin":
    case "file_chunk":
    case "file_end":
    case "file_cancel":
      return refusalOf(origin) ?? files.take(from, message);
    case "reading":
      return reading(from, message.text, message.placeholders);
    case "focus":
      await focus.change(from, message.isFocused && settings.hasFastPath);
      return undefined;
    case "here":
      await successions.leave(documentOf({ documentId: sender.documentId, tabId: from.place.tab, frameId: from.place.frame }), message.word);
      return undefined;
    case "succeed":
      return successions.take(documentOf({ documentId: sender.documentId, tabId: from.place.tab, frameId: from.place.frame }));
    case "words":
      return allWords();
    case "hooked":
      requests.hooked(documentOf({ documentId: sender.documentId, tabId: from.place.tab, frameId: from.place.frame }));
      return undefined;
    case "answer":
      return desk.answer(from, message);
    case "chat":
      return openChat(origin, message.text);
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
