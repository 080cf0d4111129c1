// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it, vi } from "vitest";
import { closedRules, Gate, keptRules } from "../src/background/gate";

type Rule = chrome.declarativeNetRequest.Rule;
const filters = (rules: readonly Rule[], type: string) => rules.filter(({ action }) => (action.type as string) === type).map(({ condition }) => condition.urlFilter);

describe("while nobody checks", () => {
  it("the paths that carry prompts are closed, on every host of the site, and where it sends besides", () => {
    const rules = closedRules([{ hosts: ["a.example", "*.b.example"], prompts: ["/ask/*"], helpers: ["files.example"] }]);
    expect(filters(rules, "block")).toEqual(["|https://a.example*/ask/*", "||b.example*/ask/*", "|https://files.example^"]);
  });
  it("a site whose paths are unknown is closed but for its measurements", () => {
    const rules = closedRules([{ hosts: ["a.example"], quiet: ["/log*"] }]);
    expect(filters(rules, "block")).toEqual(["|https://a.example^"]);
    expect(filters(rules, "allow")).toContain("|https://a.example*/log*");
    const priority = (filter: string) => rules.find(({ condition }) => condition.urlFilter === filter)?.priority ?? 0;
    expect(priority("|https://a.example*/log*")).toBeGreaterThan(priority("|https://a.example^"));
  });
  it("a path that would mean something else closes the whole host", () => {
    expect(filters(closedRules([{ hosts: ["a.example"], prompts: ["/a|b"] }]), "block")).toEqual(["|https://a.example^"]);
  });
  it("only what sends is closed", () => {
    for (const { condition } of closedRules([{ hosts: ["a.example"] }])) {
      expect(condition.excludedRequestMethods).toEqual(["get", "head", "options"]);
    }
  });
  it("no two rules share a number", () => {
    const ids = closedRules([{ hosts: ["a.example", "b.example"], quiet: ["/x"], helpers: ["c.example"] }]).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("the gate", () => {
  let session: Rule[];
  let kept: Rule[];
  let writes: number;
  beforeEach(() => {
    [session, kept, writes] = [[], [], 0];
    const update = (rules: Rule[], { removeRuleIds = [], addRules = [] }: { removeRuleIds?: number[]; addRules?: Rule[] }) => [...rules.filter(({ id }) => !removeRuleIds.includes(id)), ...addRules];
    vi.stubGlobal("chrome", {
      declarativeNetRequest: {
        getSessionRules: () => Promise.resolve(session),
        getDynamicRules: () => Promise.resolve(kept),
        updateSessionRules: (change: object) => Promise.resolve(void (session = update(session, change))),
        updateDynamicRules: (change: object) => Promise.resolve(void ((kept = update(kept, change)), (writes += 1))),
      },
    });
  });

  it("keeps what policy adds closed, and lifts that while the worker knows better", async () => {
    const gate = new Gate();
    gate.set(undefined, ["ai.example"]);
    await gate.settled;
    expect(filters(kept, "block")).toEqual(["|https://ai.example^"]);
    expect(filters(session, "block")).toEqual([]);
    expect(session[0]?.priority).toBeGreaterThan(kept[0]?.priority ?? 9);
  });
  it("writes what is kept only when it changes, and forgets what policy takes back", async () => {
    const gate = new Gate();
    gate.set(undefined, ["a.example", "b.example"]);
    gate.set([], ["b.example", "a.example", "a.example"]);
    await gate.settled;
    expect(writes).toBe(1);
    gate.set(undefined, []);
    await gate.settled;
    expect(kept).toEqual([]);
  });
  it("closes and opens again", async () => {
    const gate = new Gate();
    gate.set([{ hosts: ["a.example"] }], []);
    await gate.settled;
    expect(filters(session, "block")).toEqual(["|https://a.example^"]);
    gate.set(undefined, []);
    await gate.settled;
    expect(filters(session, "block")).toEqual([]);
  });
  it("a worker that wakes up while nobody checks opens nothing that was closed", async () => {
    const gate = new Gate();
    gate.set([{ hosts: ["a.example"] }], []);
    gate.wake();
    await gate.settled;
    expect(filters(session, "block")).toEqual(["|https://a.example^"]);
    expect(keptRules(["x"])[0]?.priority).toBeLessThan(session.find(({ action }) => (action.type as string) === "allow")?.priority ?? 0);
  });
  it("a browser that refuses the rules does not stop the worker", async () => {
    chrome.declarativeNetRequest.updateSessionRules = () => Promise.reject(new Error("no"));
    const gate = new Gate();
    gate.set(undefined, []);
    await expect(gate.settled).resolves.toBeUndefined();
  });
});
