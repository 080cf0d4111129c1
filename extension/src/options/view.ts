// SPDX-License-Identifier: Apache-2.0
// What the options page says: what policy and managed storage set. There is nothing to change.
import type { Managed } from "../shared/messages";
import { say } from "../shared/say";

export interface Shown {
  rows: { name: string; value: string }[];
  sites: { name: string; hosts: string }[];
  exempt: { name: string; hosts: string }[];
}

export function shownOf({ revision, failMode, sendsRedacted, answers, unlisted, hasFastPath, sites }: Managed): Shown {
  const row = (key: string, word: string): { name: string; value: string } => ({ name: say(key), value: say(`${key}_${word}`) });
  const lines = (isGuarded: boolean): { name: string; hosts: string }[] =>
    sites.filter((site) => site.isGuarded === isGuarded).map(({ name, hosts }) => ({ name, hosts: hosts.join(", ") }));
  return {
    rows: [
      { name: say("optPolicy"), value: revision || say("noPolicy") },
      row("optFail", failMode),
      row("optSend", sendsRedacted ? "send" : "show"),
      row("optAnswers", answers),
      row("optUnlisted", unlisted),
      { name: say("optFast"), value: say(hasFastPath ? "optYes" : "optNo") },
    ],
    sites: lines(true),
    exempt: lines(false),
  };
}
