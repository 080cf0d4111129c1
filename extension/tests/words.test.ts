// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Verdict } from "../src/shared/protocol";
import * as words from "../src/ui/words";

const verdict: Verdict = { action: "redact", interaction: "01A", message: "Policy says so.", reason: "", found: [{ name: "Payment card", count: 2 }, { name: "E-mail", count: 1 }], spans: [], keepsHtml: false };

describe("words", () => {
  it("count what was replaced", () => {
    expect(words.redacted(verdict).title).toBe("3 things were replaced before pasting");
    expect(words.redacted({ ...verdict, found: [{ name: "E-mail", count: 1 }] }).title).toBe("1 thing was replaced before pasting");
  });
  it("name kinds with their counts", () => {
    expect(verdict.found.map(words.foundLine)).toEqual(["Payment card × 2", "E-mail"]);
  });
  it("say why and what to do when something is stopped", () => {
    for (const notice of [words.blocked(verdict), words.agentMissing(), words.tooSlow(), words.notChecked(), words.tooLarge(), words.reload(), words.localOnly(verdict)]) {
      expect(notice.title).not.toBe("");
      expect(notice.lines.length).toBeGreaterThan(0);
    }
    expect(words.blocked({ ...verdict, message: "" }).lines[0]).toContain("policy");
  });
  it("ask for a reason only where one is needed", () => {
    expect(words.question({ ...verdict, action: "justify" }).field).toBeDefined();
    expect(words.question({ ...verdict, action: "warn" }).field).toBeUndefined();
  });
});
