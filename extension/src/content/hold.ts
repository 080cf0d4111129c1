// SPDX-License-Identifier: Apache-2.0
// One held text from the moment it was stopped to the moment it is inserted, changed, or given up.
import type { Outcome } from "../shared/messages";
import { type EventWord, fits, type Kind, type Question, type Verdict } from "../shared/protocol";
import { applySpans } from "../shared/spans";
import { ask as askPerson } from "../ui/dialog";
import { notify, showChecking } from "../ui/notice";
import * as words from "../ui/words";
import { askWorker, ContextGone, outcomeOf } from "./guard";
import { type Insertion, insert, shows } from "./insert";
import type { Target } from "./target";
import type { Carried } from "./transfer";

export interface Held {
  kind: Kind;
  target: Target;
  carried: Carried;
}

// Long enough for editors that render in their next frame.
const kRenderTime = 150;

function report(what: EventWord, interaction = ""): void {
  askWorker({ type: "event", what, ...(interaction ? { interaction } : {}) }).catch(() => undefined);
}

// Without the HTML form where both together are too much for one message.
function questionOf(held: Held): Question | undefined {
  const { text, html } = held.carried;
  const whole: Question = { kind: held.kind, text, ...(html ? { html } : {}) };
  const plain: Question = { kind: held.kind, text };
  return fits(whole) ? whole : fits(plain) ? plain : undefined;
}

export async function judge(held: Held): Promise<void> {
  const question = questionOf(held);
  if (!question) {
    report("held_size");
    notify(words.tooLarge());
    return;
  }
  const checking = showChecking(held.kind);
  try {
    const outcome = await outcomeOf({ type: "ask", question });
    checking.close();
    await follow(held, question, outcome);
  } catch (error) {
    checking.close();
    notify(error instanceof ContextGone ? words.reload() : words.notChecked());
  }
}

async function follow(held: Held, question: Question, outcome: Outcome): Promise<void> {
  if (outcome.state === "verdict") {
    await obey(held, question, outcome.verdict);
  } else if (outcome.state === "refused") {
    notify(outcome.error === "too_large" ? words.tooLarge() : words.notChecked());
  } else if (outcome.failMode === "open") {
    report("passed_down");
    await put(held, { text: held.carried.text, ...(question.html ? { html: question.html } : {}) });
  } else {
    report(outcome.isTimeout ? "held_timeout" : "held_down");
    notify(outcome.isTimeout ? words.tooSlow() : words.agentMissing());
  }
}

async function obey(held: Held, question: Question, verdict: Verdict): Promise<void> {
  const { text } = held.carried;
  switch (verdict.action) {
    case "allow":
    case "log":
      await put(held, { text, ...(verdict.keepsHtml && question.html ? { html: question.html } : {}) }, verdict.interaction);
      return;
    case "redact": {
      const redacted = applySpans(text, verdict.spans);
      if (redacted === undefined) {
        notify(words.notChecked());
      } else if (await put(held, { text: redacted }, verdict.interaction)) {
        notify(words.redacted(verdict));
      }
      return;
    }
    case "warn":
    case "justify": {
      const answer = await askPerson(verdict);
      const { interaction } = verdict;
      const { proceed, justification } = answer;
      const outcome = await outcomeOf({ type: "answer", interaction, proceed, justification });
      if (proceed) {
        await follow(held, question, outcome);
      }
      return;
    }
    case "route-local":
      notify(words.localOnly(verdict));
      return;
    case "block":
      notify(words.blocked(verdict));
      return;
  }
}

// True when the page shows the text. It is never tried twice: a second paste would be worse than none.
async function put(held: Held, what: Insertion, interaction = ""): Promise<boolean> {
  const isTaken = insert(held.target, what, held.kind === "drop");
  // Most editors show it at once; and a page may send it and clear the editor before the second look.
  let isShown = isTaken && shows(held.target, what.text);
  if (isTaken && !isShown) {
    await new Promise((resolve) => setTimeout(resolve, kRenderTime));
    isShown = shows(held.target, what.text);
  }
  if (isShown) {
    report("inserted", interaction);
    return true;
  }
  report("not_inserted", interaction);
  notify(words.notTaken(), () => void navigator.clipboard.writeText(what.text));
  return false;
}
