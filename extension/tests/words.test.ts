// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Verdict } from "../src/shared/protocol";
import * as words from "../src/ui/words";

const verdict: Verdict = { action: "redact", interaction: "01A", message: "Policy says so.", reason: "", found: [{ name: "Payment card", count: 2 }, { name: "E-mail", count: 1 }], spans: [], keepsHtml: false };

describe("words", () => {
  it("count what was replaced", () => {
    expect(words.redacted("paste", verdict).title).toBe("3 things were replaced before pasting");
    expect(words.redacted("submit", { ...verdict, found: [{ name: "E-mail", count: 1 }] }).title).toBe("1 thing was replaced before sending");
  });
  it("name kinds with their counts", () => {
    expect(verdict.found.map(words.foundLine)).toEqual(["Payment card × 2", "E-mail"]);
  });
  it("say why and what to do when something is stopped", () => {
    const all = (["paste", "drop", "submit", "network", "upload"] as const).flatMap((kind) => [
      words.blocked(kind, verdict),
      words.notReplaced(kind, verdict),
      words.agentMissing(kind),
      words.tooSlow(kind),
      words.notChecked(kind),
      words.tooLarge(kind),
      words.reload(kind),
    ]);
    for (const notice of [...all, words.localOnly(verdict), words.changed(), words.folders(), words.tooManyFiles(), words.filesNotTaken()]) {
      expect(notice.title).not.toBe("");
      expect(notice.lines.length).toBeGreaterThan(0);
    }
    expect(words.blocked("paste", { ...verdict, message: "" }).lines[0]).toContain("policy");
  });
  it("ask for a reason only where one is needed", () => {
    expect(words.question("submit", { ...verdict, action: "justify" }).field).toBeDefined();
    expect(words.question("submit", { ...verdict, action: "warn" }).field).toBeUndefined();
  });
});
