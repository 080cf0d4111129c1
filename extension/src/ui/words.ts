// SPDX-License-Identifier: Apache-2.0
// Every notice and question that people read in a page. Short, kind, exact: what happened, why, what they can do; never the
// found value. The words themselves are in _locales.
import type { Found, Kind, Verdict } from "../shared/protocol";
import { keepWords, say } from "../shared/say";

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

// Which words a way into or out of a page has: those of its own, or those of the way that is most like it.
const kLike: Record<Kind, { title: string; deed: string }> = {
  paste: { title: "paste", deed: "paste" },
  drop: { title: "paste", deed: "paste" },
  submit: { title: "submit", deed: "submit" },
  network: { title: "network", deed: "submit" },
  upload: { title: "upload", deed: "upload" },
};
const title = (key: string, kind: Kind): string => say(`${key}_${kLike[kind].title}`);
const deed = (key: string, kind: Kind): string => say(`${key}_${kLike[kind].deed}`);

export function keepForLater(): void {
  keepWords("reloadTitle", "reloadHelp", "nothing_paste", "nothing_submit", "nothing_upload", "close");
}

export function checking(kind: Kind): string {
  return say(`checking_${kind}`);
}
export function stillChecking(kind: Kind): string {
  return deed("still", kind);
}

export function redacted(kind: Kind, verdict: Verdict, isSent = true): Notice {
  const count = Math.max(total(verdict.found), 1);
  const way = kind === "paste" || kind === "drop" ? "paste" : "submit";
  const head = count === 1 ? say(`replacedOne_${way}`) : say(`replacedMany_${way}`, count);
  const next = isSent ? (way === "paste" ? say("neverSaw") : "") : say("lookThenSend");
  return { ...notice("redacted", head, say("placeholders"), next), found: verdict.found };
}

export function blocked(kind: Kind, verdict: Verdict): Notice {
  return { ...notice("blocked", title("stopped", kind), verdict.message || say("policySaysNo")), found: verdict.found };
}

// Nothing can be replaced there.
export function notReplaced(kind: Kind, verdict: Verdict): Notice {
  return { ...notice("blocked", title("stopped", kind), say("cannotReplace"), verdict.message), found: verdict.found };
}

export function localOnly(verdict: Verdict): Notice {
  return { ...notice("local", say("localTitle"), verdict.message, say("localHelp")), found: verdict.found, action: say("localOpen") };
}
export function localCopied(): Notice {
  return notice("local", say("localTitle"), say("localCopied"));
}

export function agentMissing(kind: Kind): Notice {
  return notice("blocked", say("missingTitle"), `${deed("nothing", kind)} ${say("missingWhy")}`, say("missingHelp"));
}

export function tooSlow(kind: Kind): Notice {
  return notice("blocked", say("slowTitle"), `${deed("nothing", kind)} ${say("slowHelp")}`);
}

export function notChecked(kind: Kind): Notice {
  return notice("blocked", say("uncheckedTitle"), `${deed("nothing", kind)} ${say("uncheckedHelp")}`);
}

export function tooLarge(kind: Kind): Notice {
  return notice("blocked", say("largeTitle"), `${deed("nothing", kind)} ${say("largeHelp")}`);
}

export function reload(kind: Kind): Notice {
  return notice("blocked", say("reloadTitle"), `${deed("nothing", kind)} ${say("reloadHelp")}`);
}

export function notTaken(): Notice {
  return { ...notice("info", say("notTakenTitle"), say("notTakenHelp")), action: say("notTakenCopy") };
}

export function answerFlagged(names: readonly string[]): Notice {
  const found = [...new Set(names)].map((name) => ({ name, count: names.filter((each) => each === name).length }));
  return { ...notice("warned", say("flaggedTitle"), say("flaggedHelp")), found };
}

export function unlisted(isBlocked: boolean): Notice {
  return isBlocked ? notice("blocked", say("unlistedTitle"), say("unlistedBlocked")) : notice("warned", say("unlistedTitle"), say("unlistedWarned"));
}

export function folders(): Notice {
  return notice("blocked", say("foldersTitle"), `${say("nothing_upload")} ${say("foldersHelp")}`);
}

export function tooManyFiles(): Notice {
  return notice("blocked", say("manyTitle"), `${say("nothing_upload")} ${say("manyHelp")}`);
}

export function filesNotTaken(): Notice {
  return notice("info", say("filesTitle"), say("filesHelp"));
}

export function changed(): Notice {
  return notice("blocked", say("changedTitle"), `${say("nothing_submit")} ${say("changedHelp")}`);
}

export interface Question {
  title: string;
  why: string;
  field?: string;
  proceed: string;
  redact?: string; // the same with placeholders, where something was found that can be replaced
  cancel: string;
}

// A page's own request cannot be changed, and neither can a file.
const isReplaceable = (kind: Kind, verdict: Verdict): boolean => verdict.found.length > 0 && kind !== "network" && kind !== "upload";

export function question(kind: Kind, verdict: Verdict): Question {
  const why = verdict.message || say("lookOnceMore");
  const cancel = deed("cancel", kind);
  const redact = isReplaceable(kind, verdict) ? { redact: deed("redact", kind) } : {};
  if (verdict.action === "justify") {
    return { title: say("justifyTitle"), why, field: say("justifyField"), proceed: deed("reasoned", kind), ...redact, cancel };
  }
  return { title: title("question", kind), why, proceed: deed("proceed", kind), ...redact, cancel };
}

// The text of a paste that was stopped, to be changed.
export function editing(): Question & { field: string } {
  return { title: say("editTitle"), why: say("editHelp"), field: say("editField"), proceed: say("editProceed"), cancel: deed("cancel", "paste") };
}
