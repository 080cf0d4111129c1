// SPDX-License-Identifier: Apache-2.0
// Every word that people read in a page. Short, kind, exact: what happened, why, what they can do; never the found value.
import type { Found, Kind, Verdict } from "../shared/protocol";

export type Tone = "info" | "redacted" | "blocked" | "local" | "warned";

export interface Notice {
  tone: Tone;
  title: string;
  lines: string[];
  found: Found[];
  action?: string; // label of the button that the caller acts on
}

const notice = (tone: Tone, title: string, ...lines: string[]): Notice => ({ tone, title, lines: lines.filter(Boolean), found: [] });

export function total(found: readonly Found[]): number {
  return found.reduce((sum, each) => sum + each.count, 0);
}

export function foundLine(each: Found): string {
  return each.count > 1 ? `${each.name} × ${each.count}` : each.name;
}

// How each way into or out of a page is spoken of.
interface Manner {
  checking: string;
  stopped: string; // title
  nothing: string; // what did not happen
  again: string; // what to do, "… again"
  replaced: string; // "… before pasting"
  question: string;
  proceed: string;
  cancel: string;
}
const kPaste: Manner = {
  checking: "Checking your paste…", stopped: "This paste was stopped", nothing: "Nothing was pasted", again: "paste again",
  replaced: "pasting", question: "Paste this into this site?", proceed: "Paste", cancel: "Do not paste",
}; // prettier-ignore
const kManners: Record<Kind, Manner> = {
  paste: kPaste,
  drop: { ...kPaste, checking: "Checking what you dropped…" },
  submit: {
    checking: "Checking your message…", stopped: "This message was not sent", nothing: "Nothing was sent", again: "send it again",
    replaced: "sending", question: "Send this to this site?", proceed: "Send", cancel: "Do not send",
  },
  network: {
    checking: "Checking what this page sends…", stopped: "This page was kept from sending something", nothing: "It was not sent",
    again: "try again", replaced: "sending", question: "Let this page send this?", proceed: "Send", cancel: "Do not send",
  },
  upload: {
    checking: "Checking your file…", stopped: "This file was not uploaded", nothing: "Nothing was uploaded", again: "choose the file again",
    replaced: "uploading", question: "Give this file to this site?", proceed: "Upload", cancel: "Do not upload",
  },
}; // prettier-ignore

export function checking(kind: Kind): string {
  return kManners[kind].checking;
}
export function stillChecking(kind: Kind): string {
  return `Still checking. ${kManners[kind].nothing} until this is done.`.replace("was", "is");
}

export function redacted(kind: Kind, verdict: Verdict, isSent = true): Notice {
  const count = Math.max(total(verdict.found), 1);
  const before = `before ${kManners[kind].replaced}`;
  const title = count === 1 ? `1 thing was replaced ${before}` : `${count} things were replaced ${before}`;
  const line = "Placeholders stand where the private values were. The site never saw them.";
  const typed = "Placeholders stand where the private values were.";
  const next = isSent ? "" : "Have a look, then send it again.";
  return { ...notice("redacted", title, kind === "submit" ? typed : line, next), found: verdict.found };
}

export function blocked(kind: Kind, verdict: Verdict): Notice {
  const why = verdict.message || "Your organisation's policy does not allow this on this site.";
  return { ...notice("blocked", kManners[kind].stopped, why), found: verdict.found };
}

// Nothing can be replaced there.
export function notReplaced(kind: Kind, verdict: Verdict): Notice {
  const why = "It holds private values that cannot be replaced there.";
  return { ...notice("blocked", kManners[kind].stopped, why, verdict.message), found: verdict.found };
}

export function localOnly(verdict: Verdict): Notice {
  const help = "Gatehouse can open a chat with a model on this computer instead: choose “Open chat” in its tray menu.";
  return { ...notice("local", "This text stays on your computer", verdict.message, help), found: verdict.found };
}

export function agentMissing(kind: Kind): Notice {
  const { nothing, again } = kManners[kind];
  return notice(
    "blocked",
    "Gatehouse is not running",
    `${nothing}, because nobody could check the text.`,
    `Start Gatehouse from your applications and ${again}. If that does not help, tell your IT support.`,
  );
}

export function tooSlow(kind: Kind): Notice {
  return notice("blocked", "The check took too long", `${kManners[kind].nothing}. Please try again, perhaps with less text at once.`);
}

export function notChecked(kind: Kind): Notice {
  const { nothing } = kManners[kind];
  return notice("blocked", "This text could not be checked", `${nothing}. Please try again; if it stays, tell your IT support.`);
}

export function tooLarge(kind: Kind): Notice {
  const { nothing } = kManners[kind];
  return notice("blocked", "This text is too large to check at once", `${nothing}. Please take smaller pieces.`);
}

export function reload(kind: Kind): Notice {
  const { nothing, again } = kManners[kind];
  return notice("blocked", "Gatehouse was updated", `${nothing}. Reload this tab, then ${again}.`);
}

export function notTaken(): Notice {
  return { ...notice("info", "The page did not take the text", "The checked text is ready: copy it and paste it yourself."), action: "Copy the checked text" };
}

export function folders(): Notice {
  return notice("blocked", "Folders cannot be checked", "Nothing was uploaded. Please choose the files in it.");
}

export function tooManyFiles(): Notice {
  return notice("blocked", "These are too many files at once", "Nothing was uploaded. Please choose fewer.");
}

export function filesNotTaken(): Notice {
  return notice("info", "The page did not take the file", "It may go to this site: choose it with the page's own button.");
}

export function changed(): Notice {
  return notice("blocked", "The message changed while it was checked", "Nothing was sent. Please send it again.");
}

export interface Question {
  title: string;
  why: string;
  field?: string;
  proceed: string;
  cancel: string;
}

export function question(kind: Kind, verdict: Verdict): Question {
  const why = verdict.message || "Your organisation asks you to look at this once more.";
  const { question: title, proceed, cancel } = kManners[kind];
  if (verdict.action === "justify") {
    const field = "Your reason (it is kept in the record)";
    return { title: "Why does this need to go to this site?", why, field, proceed: `${proceed} with this reason`, cancel };
  }
  return { title, why, proceed: `${proceed} anyway`, cancel };
}
export const needsReason = "Please write a reason first.";
