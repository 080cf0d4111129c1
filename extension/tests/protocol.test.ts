// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { fits, kTextLimit, readPolicy, readReading, readVerdict } from "../src/shared/protocol";

const verdict = { v: 1, type: "verdict_ok", id: "1", action: "redact", interaction: "01A", rule: "r", message: "m", findings: [{ detector: "pci.any.card", name: "Payment card", class: "pci", count: 2 }], spans: [[0, 2, "x"]], html: "keep" };

describe("verdicts", () => {
  it("are read field by field", () => {
    expect(readVerdict(verdict)).toEqual({ action: "redact", interaction: "01A", message: "m", reason: "", found: [{ name: "Payment card", count: 2 }], spans: [[0, 2, "x"]], keepsHtml: true });
  });
  it("keep HTML only when told so", () => {
    expect(readVerdict({ ...verdict, html: undefined })?.keepsHtml).toBe(false);
  });
  it.each([
    ["another version", { ...verdict, v: 2 }],
    ["another type", { ...verdict, type: "hello_ok" }],
    ["an unknown action", { ...verdict, action: "permit" }],
    ["no action", { ...verdict, action: undefined }],
    ["a redaction without spans", { ...verdict, spans: undefined }],
    ["spans that are no spans", { ...verdict, spans: [[0, "2", "x"]] }],
    ["spans of another length", { ...verdict, spans: [[0, 2]] }],
    ["a list", [verdict]],
    ["nothing", null],
    ["a text", "allow"],
  ])("are refused with %s", (_name, message) => {
    expect(readVerdict(message)).toBeUndefined();
  });
  it("survive findings that are odd", () => {
    expect(readVerdict({ ...verdict, findings: "many" })?.found).toEqual([]);
    expect(readVerdict({ ...verdict, findings: [{ detector: "d" }, 5] })?.found).toEqual([{ name: "d", count: 1 }]);
  });
});

describe("a reading", () => {
  const message = (fields: object): unknown => ({ v: 1, type: "reading_ok", ...fields });
  it("is read, without what is odd in it", () => {
    expect(readReading(message({ values: [["[[A_1_BC]]", "x"], ["y"], 5], marks: [[1, 2, "Token"], [1, "2", "z"]] }))).toEqual({ values: [["[[A_1_BC]]", "x"]], marks: [[1, 2, "Token"]] });
  });
  it("is none in another shape", () => {
    expect(readReading({ v: 1, type: "verdict_ok" })).toBeUndefined();
    expect(readReading(message({}))).toEqual({ values: [], marks: [] });
  });
});

describe("policy", () => {
  it("says what it knows of a site, and nothing that it does not", () => {
    const row = { hosts: ["a.example"], name: "A", composer: "#a", send: 5, prompts: ["/x", 5], quiet: [], helpers: "b.example", future: 1 };
    expect(readPolicy({ failMode: "open", sites: [row] })?.sites).toEqual([{ hosts: ["a.example"], guarded: true, name: "A", composer: "#a", prompts: ["/x"] }]);
  });
  it("is read", () => {
    expect(readPolicy({ revision: "p#1", failMode: "open", sites: [{ hosts: ["a.example", 5], guarded: false }, { hosts: ["b.example"] }] })).toEqual({
      revision: "p#1",
      failMode: "open",
      answers: "leave",
      unlisted: "ignore",
      aiHosts: [],
      hasFastPath: false,
      patience: 3000,
      sites: [{ hosts: ["a.example"], guarded: false }, { hosts: ["b.example"], guarded: true }],
    });
  });
  it("says what the browser does besides, in words that are known", () => {
    const told = { failMode: "open", sites: [], answers: "restore", unlisted: "warn", aiHosts: ["*.a.example", 5], fastPath: true };
    expect(readPolicy(told)).toMatchObject({ answers: "restore", unlisted: "warn", aiHosts: ["*.a.example"], hasFastPath: true });
    expect(readPolicy({ ...told, answers: "tell", unlisted: 1, fastPath: "yes" })).toMatchObject({ answers: "leave", unlisted: "ignore", hasFastPath: false });
  });
  it.each([[8000, 8000], [undefined, 3000], [100, 3000], [1e9, 3000], ["8000", 3000]])("lets a verdict take %j ms as %j", (patience, taken) => {
    expect(readPolicy({ failMode: "open", sites: [], patience })?.patience).toBe(taken);
  });
  it.each([[null], [{}], [{ failMode: "open" }], [{ failMode: "ajar", sites: [] }], [{ failMode: "open", sites: {} }]])("is refused when odd: %j", (value) => {
    expect(readPolicy(value)).toBeUndefined();
  });
});

describe("sizes", () => {
  it("has a cap that bites in bytes, not characters", () => {
    expect(fits({ kind: "paste", text: "a".repeat(kTextLimit) })).toBe(true);
    expect(fits({ kind: "paste", text: "a".repeat(kTextLimit + 1) })).toBe(false);
    expect(fits({ kind: "paste", text: "€".repeat(kTextLimit / 3) })).toBe(true);
    expect(fits({ kind: "paste", text: "€".repeat(kTextLimit / 3 + 1) })).toBe(false);
  });
  it("counts what JSON adds", () => {
    expect(fits({ kind: "paste", text: "\u0001".repeat(200_000) })).toBe(false);
    expect(fits({ kind: "paste", text: "a".repeat(600_000), html: "b".repeat(600_000) })).toBe(false);
  });
});
