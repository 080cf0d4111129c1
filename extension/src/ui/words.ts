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

export function checking(kind: Kind): string {
  return kind === "drop" ? "Checking what you dropped…" : "Checking your paste…";
}
export const stillChecking = "Still checking. Nothing is pasted until this is done.";

export function redacted(verdict: Verdict): Notice {
  const count = Math.max(total(verdict.found), 1);
  const title = count === 1 ? "1 thing was replaced before pasting" : `${count} things were replaced before pasting`;
  const line = "Placeholders stand where the private values were. The site never saw them.";
  return { ...notice("redacted", title, line), found: verdict.found };
}

export function blocked(verdict: Verdict): Notice {
  const why = verdict.message || "Your organisation's policy does not allow this on this site.";
  return { ...notice("blocked", "This paste was stopped", why), found: verdict.found };
}

export function localOnly(verdict: Verdict): Notice {
  const help = "Gatehouse can open a chat with a model on this computer instead: choose “Open chat” in its tray menu.";
  return { ...notice("local", "This text stays on your computer", verdict.message, help), found: verdict.found };
}

export function agentMissing(): Notice {
  return notice(
    "blocked",
    "Gatehouse is not running",
    "Nothing was pasted, because nobody could check the text.",
    "Start Gatehouse from your applications and paste again. If that does not help, tell your IT support.",
  );
}

export function tooSlow(): Notice {
  return notice("blocked", "The check took too long", "Nothing was pasted. Please try again, perhaps with less text at once.");
}

export function notChecked(): Notice {
  return notice("blocked", "This text could not be checked", "Nothing was pasted. Please try again; if it stays, tell your IT support.");
}

export function tooLarge(): Notice {
  return notice("blocked", "This text is too large to check at once", "Nothing was pasted. Please paste it in smaller pieces.");
}

export function reload(): Notice {
  return notice("blocked", "Gatehouse was updated", "Nothing was pasted. Reload this tab, then paste again.");
}

export function notTaken(): Notice {
  return { ...notice("info", "The page did not take the text", "The checked text is ready: copy it and paste it yourself."), action: "Copy the checked text" };
}

export interface Question {
  title: string;
  why: string;
  field?: string;
  proceed: string;
  cancel: string;
}

export function question(verdict: Verdict): Question {
  const why = verdict.message || "Your organisation asks you to look at this once more.";
  if (verdict.action === "justify") {
    return { title: "Why does this need to go to this site?", why, field: "Your reason (it is kept in the record)", proceed: "Paste with this reason", cancel: "Do not paste" };
  }
  return { title: "Paste this into this site?", why, proceed: "Paste anyway", cancel: "Do not paste" };
}
export const needsReason = "Please write a reason first.";
