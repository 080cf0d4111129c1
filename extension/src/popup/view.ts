// SPDX-License-Identifier: Apache-2.0
// The words of the button's small window: the page in front, the agent, and what was decided lately.
import type { Decision } from "../shared/decisions";
import type { Health } from "../shared/messages";
import { say } from "../shared/say";
import { foundLine } from "../ui/words";

export type Tone = "good" | "idle" | "bad";

export interface View {
  tone: Tone;
  page: string;
  agent: string;
  more: string[];
  decisions: { when: string; what: string; found: string; tone: string }[];
}

function pageLine({ page }: Health): string {
  if (!page) {
    return say("noWebPage");
  }
  if (page.isUnlisted) {
    return say(page.isGuarded ? "pageUnlistedGuarded" : "pageUnlisted", page.host);
  }
  return page.isGuarded ? say("pageGuarded", page.name) : say("pageOther", page.host);
}

function agentLine({ isUp, failMode }: Health): string {
  return isUp ? say("agentUp") : say(failMode === "open" ? "agentDownOpen" : "agentDownClosed");
}

const deedOf = (action: Decision["action"]): string => say(`did_${action === "route-local" ? "routeLocal" : action}`);

export function viewOf(health: Health | undefined, time: (at: number) => string): View {
  if (!health) {
    return { tone: "bad", page: "", agent: say("workerSilent"), more: [], decisions: [] };
  }
  const { isUp, agentVersion, missed } = health;
  const revision = health.revision || say("noPolicy");
  const more = [isUp ? say("agentLine", agentVersion, revision) : say("lastPolicy", revision)];
  if (missed > 0) {
    more.push(say("waitingEvents", missed));
  }
  const decisions = health.decisions.map(({ at, host, kind, action, found }) => ({
    when: time(at),
    what: say("decisionLine", say(`kind_${kind}`), host, deedOf(action)),
    found: found.map(foundLine).join(", "),
    tone: action,
  }));
  return { tone: !isUp ? "bad" : health.page?.isGuarded ? "good" : "idle", page: pageLine(health), agent: agentLine(health), more, decisions };
}
