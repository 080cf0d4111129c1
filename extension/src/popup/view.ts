// SPDX-License-Identifier: Apache-2.0
// The words of the button's small window: the page in front, the agent, and what was decided lately.
import type { Decision } from "../shared/decisions";
import type { Health } from "../shared/messages";
import { foundLine } from "../ui/words";

export type Tone = "good" | "idle" | "bad";

export interface View {
  tone: Tone;
  page: string;
  agent: string;
  more: string[];
  decisions: { when: string; what: string; found: string; tone: string }[];
}

const kKinds: Record<Decision["kind"], string> = { paste: "Paste", drop: "Drop", submit: "Message", network: "Request of the page", upload: "File" };
const kActions: Record<Decision["action"], string> = {
  allow: "allowed",
  log: "allowed and noted",
  warn: "asked about",
  justify: "asked for a reason",
  redact: "private values replaced",
  "route-local": "kept on this computer",
  block: "stopped",
  held: "stopped, nobody could check it",
};

function pageLine({ page }: Health): string {
  if (!page) {
    return "This is no web page.";
  }
  return page.isGuarded ? `${page.name} is guarded: what you paste, type and upload is checked before it leaves.` : `${page.host} is not an AI site that is guarded. Nothing is looked at here.`;
}

function agentLine({ isUp, failMode }: Health): string {
  if (isUp) {
    return "The agent is running.";
  }
  return failMode === "open" ? "The agent is not running. What you send to AI sites goes unchecked and is counted." : "The agent is not running. Nothing can be sent to AI sites until it is.";
}

export function viewOf(health: Health | undefined, time: (at: number) => string): View {
  if (!health) {
    return { tone: "bad", page: "", agent: "Gatehouse does not answer. Reload the extension or restart the browser.", more: [], decisions: [] };
  }
  const { isUp, agentVersion, revision, missed } = health;
  const policy = revision ? `policy ${revision}` : "no policy yet";
  const more = [isUp ? `Agent ${agentVersion}, ${policy}` : `Last known ${policy}`];
  if (missed > 0) {
    more.push(missed === 1 ? "1 event waits for the agent" : `${missed} events wait for the agent`);
  }
  const decisions = health.decisions.map(({ at, host, kind, action, found }) => ({
    when: time(at),
    what: `${kKinds[kind]} on ${host}: ${kActions[action]}`,
    found: found.map(foundLine).join(", "),
    tone: action,
  }));
  return { tone: !isUp ? "bad" : health.page?.isGuarded ? "good" : "idle", page: pageLine(health), agent: agentLine(health), more, decisions };
}
