// SPDX-License-Identifier: Apache-2.0
// One held text from the moment it was stopped to the moment it is released, changed, or given up.
import type { Outcome } from "../shared/messages";
import { type EventWord, fits, type Kind, type Question, type Verdict } from "../shared/protocol";
import type { Sent } from "../shared/texts";
import { applySpans } from "../shared/spans";
import { say } from "../shared/say";
import { ask as askPerson, edit } from "../ui/dialog";
import { notify, showChecking } from "../ui/notice";
import * as words from "../ui/words";
import { placeholderGiven } from "./answers/watcher";
import { askWorker, ContextGone, outcomeOf } from "./guard";
import type { Insertion } from "./insert";
import { knownIn, remember } from "./seen";

export interface Held {
  kind: Kind;
  text: string;
  html?: string;
  subject?: string; // what the person calls it: the name of a file
  // Does what was held, with the text as it may be now. True when it was done; says so itself when it was not.
  release: (what: Insertion, interaction: string) => Promise<boolean>;
  // The same with private values replaced. Without it such a text is stopped.
  replace?: (what: Insertion, interaction: string, verdict: Verdict) => Promise<boolean>;
  // Holds another text in its place, which the person wrote.
  again?: (text: string) => void;
}

type Ways = readonly (readonly [string, () => void])[];

function tell(held: Held, notice: words.Notice, more: Ways = []): void {
  notify(held.subject ? { ...notice, lines: [held.subject, ...notice.lines] } : notice, undefined, more);
}

// What else the person can do with a text that was stopped: change it, here where the page does not see it.
function ways(held: Held): Ways {
  const again = held.again;
  return again ? [[say("edit"), () => void edit(held.text).then((text) => text !== undefined && again(text))]] : [];
}

// To a model on this computer: the agent's chat window, or by way of the clipboard where it has none.
async function takeToChat(text: string): Promise<void> {
  const isOpened = await askWorker({ type: "chat", text }).catch(() => false);
  if (isOpened !== true) {
    await navigator.clipboard.writeText(text);
    notify(words.localCopied());
  }
}

export function report(what: EventWord, interaction = ""): void {
  askWorker({ type: "event", what, ...(interaction ? { interaction } : {}) }).catch(() => undefined);
}

// Without the HTML form where both together are too much for one message.
function questionOf(held: Held): Question | undefined {
  const { kind, text, html } = held;
  const known = kind === "submit" ? knownIn(text) : [];
  const bare: Question = { kind, text, ...(known.length > 0 ? { known } : {}) };
  const whole: Question = { ...bare, ...(html ? { html } : {}) };
  return fits(whole) ? whole : fits(bare) ? bare : undefined;
}

// True when the text was released, as it was or changed.
export async function judge(held: Held): Promise<boolean> {
  const question = questionOf(held);
  if (!question) {
    report("held_size");
    notify(words.tooLarge(held.kind));
    return false;
  }
  return carry(held, () => outcomeOf({ type: "ask", question }), question.html);
}

// True when a request of the page may go. Nothing can be replaced in it.
export async function judgeRequest(sent: Sent): Promise<boolean> {
  const held: Held = { kind: "network", text: "", release: () => Promise.resolve(true) };
  const isAllowed = await carry(held, () => outcomeOf({ type: "request", sent }));
  if (!isAllowed) {
    report("request_refused");
  }
  return isAllowed;
}

// The way of everything that is held: asked, then followed.
export async function carry(held: Held, ask: () => Promise<Outcome>, html?: string): Promise<boolean> {
  const { kind } = held;
  const checking = showChecking(kind);
  try {
    const outcome = await ask();
    checking.close();
    return await follow(held, html, outcome);
  } catch (error) {
    checking.close();
    tell(held, error instanceof ContextGone ? words.reload(kind) : words.notChecked(kind));
    return false;
  }
}

async function follow(held: Held, html: string | undefined, outcome: Outcome): Promise<boolean> {
  const { kind } = held;
  if (outcome.state === "verdict") {
    return obey(held, html, outcome.verdict);
  }
  if (outcome.state === "refused") {
    const notices: Record<string, (kind: Kind) => words.Notice> = { too_large: words.tooLarge, unlisted: () => words.unlisted(true) };
    tell(held, (notices[outcome.error] ?? words.notChecked)(kind));
    return false;
  }
  if (outcome.failMode === "open") {
    report("passed_down");
    return held.release({ text: held.text, ...(html ? { html } : {}) }, "");
  }
  report(outcome.isTimeout ? "held_timeout" : "held_down");
  tell(held, outcome.isTimeout ? words.tooSlow(kind) : words.agentMissing(kind));
  return false;
}

async function obey(held: Held, html: string | undefined, verdict: Verdict): Promise<boolean> {
  const { kind, text } = held;
  const { interaction } = verdict;
  switch (verdict.action) {
    case "allow":
    case "log":
      if (text) {
        remember(text);
      }
      return held.release({ text, ...(verdict.keepsHtml && html ? { html } : {}) }, interaction);
    case "redact":
      return redact(held, verdict);
    case "warn":
    case "justify": {
      const { proceed, justification, redact: isRedacting = false } = await askPerson(kind, verdict);
      const outcome = await outcomeOf({ type: "answer", interaction, proceed, justification, redact: isRedacting });
      return proceed ? follow(held, html, outcome) : false;
    }
    case "route-local":
      notify(words.localOnly(verdict), () => void takeToChat(text), ways(held));
      return false;
    case "block":
      tell(held, words.blocked(kind, verdict), ways(held));
      return false;
  }
}

async function redact(held: Held, verdict: Verdict): Promise<boolean> {
  const redacted = applySpans(held.text, verdict.spans);
  if (!held.replace || redacted === undefined) {
    tell(held, held.replace ? words.notChecked(held.kind) : words.notReplaced(held.kind, verdict));
    return false;
  }
  remember(redacted);
  placeholderGiven();
  return held.replace({ text: redacted }, verdict.interaction, verdict);
}
