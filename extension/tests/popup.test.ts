// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { viewOf } from "../src/popup/view";
import { type Decision, kDecisionsLimit, readDecisions, withDecision } from "../src/shared/decisions";
import type { Health } from "../src/shared/messages";

const decision: Decision = { at: 5, host: "chatgpt.com", kind: "submit", action: "redact", found: [{ name: "Payment card", count: 2 }] };
const health: Health = {
  isUp: true,
  agentVersion: "1.2",
  revision: "acme#3",
  failMode: "closed",
  page: { host: "chatgpt.com", name: "ChatGPT", isGuarded: true, isUnlisted: false },
  decisions: [decision],
  missed: 0,
};
const view = (rest: Partial<Health>) => viewOf({ ...health, ...rest }, (at) => `t${at}`);

describe("the small window", () => {
  it("says that a page is guarded, who decides, and what was decided", () => {
    const all = view({});
    expect(all.tone).toBe("good");
    expect(all.page).toContain("ChatGPT is guarded");
    expect(all.more).toEqual(["Agent 1.2, policy acme#3"]);
    expect(all.decisions).toEqual([{ when: "t5", what: "Message on chatgpt.com: private values replaced", found: "Payment card × 2", tone: "redact" }]);
  });
  it("says what follows when the agent is away", () => {
    expect(view({ isUp: false })).toMatchObject({ tone: "bad", agent: expect.stringContaining("Nothing can be sent") as string });
    expect(view({ isUp: false, failMode: "open" }).agent).toContain("unchecked");
    expect(view({ isUp: false, missed: 3 }).more).toContain("Events that wait for the agent: 3");
  });
  it("says when the page looks like an AI site that no list names", () => {
    const page = { host: "shadow.example", name: "shadow.example", isGuarded: false, isUnlisted: true };
    expect(view({ page }).page).toContain("It was reported.");
    expect(view({ page: { ...page, isGuarded: true } }).page).toContain("guarded from now on");
  });
  it("leaves other pages alone", () => {
    expect(view({ page: { host: "news.example", name: "news.example", isGuarded: false, isUnlisted: false } })).toMatchObject({ tone: "idle", page: expect.stringContaining("not an AI site") as string });
    expect(view({ page: undefined }).page).toContain("no web page");
  });
  it("says so when the worker is silent", () => {
    expect(viewOf(undefined, String).tone).toBe("bad");
  });
});

describe("decisions", () => {
  it("are kept newest first, and not too many", () => {
    let list: Decision[] = [];
    for (let at = 0; at < kDecisionsLimit + 5; at += 1) {
      list = withDecision(list, { ...decision, at });
    }
    expect(list.length).toBe(kDecisionsLimit);
    expect(list[0]?.at).toBe(kDecisionsLimit + 4);
  });
  it("that are odd are left out", () => {
    expect(readDecisions("many")).toEqual([]);
    expect(readDecisions([5, { at: "x" }, decision])).toEqual([decision]);
  });
});
