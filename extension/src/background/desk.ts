// SPDX-License-Identifier: Apache-2.0
// Where questions about texts are answered: by the ledger where the same text was let go before, else by the agent.
import { blank, type Range } from "../shared/known";
import type { Outcome } from "../shared/messages";
import type { FailMode } from "../shared/fail_mode";
import { fits, kPatience, type Kind, type Question, readVerdict, type Verdict } from "../shared/protocol";
import { applySpans } from "../shared/spans";
import type { Reply } from "./connection";
import type { Ledger } from "./ledger";

const kOpenLimit = 64;

// Where a question comes from, as the browser says.
export interface Place {
  origin: string;
  topOrigin: string;
  place: { tab: number; frame: number };
}

export interface Agent {
  ask(message: Record<string, unknown>, limit: number): Promise<Reply>;
}

// What the person said to a question.
export interface Answered {
  interaction: string;
  proceed: boolean;
  justification: string;
  redact: boolean; // with placeholders for all that was found
}

interface Open {
  origin: string;
  kind: Kind;
  texts: string[];
}

const kAllowed: Verdict = { action: "allow", interaction: "", message: "", reason: "", found: [], spans: [], keepsHtml: false };

export class Desk {
  private readonly open = new Map<string, Open>(); // by interaction: what waits for the person

  constructor(
    private readonly agent: Agent,
    private readonly ledger: Ledger,
    private readonly failMode: () => FailMode,
    private readonly decided: (origin: string, kind: Kind, verdict: Verdict | undefined) => void = () => undefined,
    private readonly patience: () => number = () => kPatience,
  ) {}

  async ask(place: Place, question: Question): Promise<Outcome> {
    const { kind, text, html } = question;
    const isSent = kind === "submit";
    if (isSent && this.ledger.isApproved(place.origin, text)) {
      return { state: "verdict", verdict: kAllowed };
    }
    const known = isSent ? this.knownOf(place.origin, text, question.known ?? []) : [];
    const asked = blank(text, known);
    const { origin, topOrigin } = place;
    const fields = { type: "verdict", kind, origin, topOrigin, ...place.place, text: asked, ...(html ? { html } : {}) };
    return this.take({ origin, kind, texts: [text] }, await this.agent.ask(fields, this.patience()));
  }

  // A request of a page: the texts in it that were not let go before are asked about as one.
  async askRequest(place: Place, texts: readonly string[]): Promise<Outcome> {
    const { origin, topOrigin } = place;
    const unknown = texts.filter((text) => !this.ledger.isApproved(origin, text)).map((text) => text.toWellFormed());
    if (unknown.length === 0) {
      return { state: "verdict", verdict: kAllowed };
    }
    const text = unknown.join("\n\n");
    if (!fits({ kind: "network", text })) {
      return { state: "refused", error: "too_large" };
    }
    const fields = { type: "verdict", kind: "network", origin, topOrigin, ...place.place, text };
    return this.take({ origin, kind: "network", texts: [text, ...unknown] }, await this.agent.ask(fields, this.patience()));
  }

  async answer(place: Place, { interaction, proceed, justification, redact }: Answered): Promise<Outcome> {
    const open = this.open.get(interaction);
    this.open.delete(interaction);
    const reply = await this.agent.ask({ type: "answer", interaction, proceed, justification, ...(redact ? { redact } : {}) }, this.patience());
    return this.take(open?.origin === place.origin ? open : undefined, reply);
  }

  outcomeOf(reply: Reply): Outcome {
    if (reply.state !== "answered") {
      return { state: "missing", isTimeout: reply.state === "timeout", failMode: this.failMode() };
    }
    const verdict = readVerdict(reply.message);
    if (verdict) {
      return { state: "verdict", verdict };
    }
    return { state: "refused", error: typeof reply.message.error === "string" ? reply.message.error : "unreadable" };
  }

  // A page's word for what is known is not taken: each piece must be in the ledger.
  private knownOf(origin: string, text: string, ranges: readonly Range[]): Range[] {
    const known: Range[] = [];
    let position = 0;
    for (const [begin, end] of ranges) {
      const isOrdered = Number.isInteger(begin) && Number.isInteger(end) && begin >= position && end > begin && end <= text.length;
      if (isOrdered && this.ledger.isApproved(origin, text.slice(begin, end))) {
        known.push([begin, end]);
        position = end;
      }
    }
    return known;
  }

  // An answer of the agent to what was asked about `texts`.
  settle(place: Place, kind: Kind, texts: string[], reply: Reply): Outcome {
    return this.take({ origin: place.origin, kind, texts }, reply);
  }

  private take(open: Open | undefined, reply: Reply): Outcome {
    const outcome = this.outcomeOf(reply);
    if (open) {
      this.decided(open.origin, open.kind, outcome.state === "verdict" ? outcome.verdict : undefined);
    }
    if (!open) {
      return outcome;
    }
    if (outcome.state === "missing" && outcome.failMode === "open") {
      this.approve(open); // it goes unlooked at, through every line
    }
    if (outcome.state !== "verdict") {
      return outcome;
    }
    const { action, interaction, spans } = outcome.verdict;
    if (action === "allow" || action === "log") {
      this.approve(open);
    } else if (action === "redact" && open.texts.length === 1) {
      const redacted = applySpans(open.texts[0] ?? "", spans);
      if (redacted !== undefined) {
        this.ledger.approve(open.origin, redacted);
      }
    } else if (action === "warn" || action === "justify") {
      this.remember(interaction, open);
    }
    return outcome;
  }

  private approve({ origin, kind, texts }: Open): void {
    for (const text of texts) {
      if (kind === "upload") {
        this.ledger.approveWhole(origin, text); // a file's lines are no text of the person's
      } else {
        this.ledger.approve(origin, text);
      }
    }
  }

  private remember(interaction: string, open: Open): void {
    this.open.set(interaction, open);
    for (const key of this.open.keys()) {
      if (this.open.size <= kOpenLimit) {
        break;
      }
      this.open.delete(key);
    }
  }
}
