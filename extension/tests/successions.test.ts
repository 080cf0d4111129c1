// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Successions } from "../src/background/successions";
import { say, takeWords } from "../src/shared/say";

let stored: Record<string, unknown>;
beforeEach(() => {
  stored = {};
  const local = {
    get: (name: string) => Promise.resolve({ [name]: stored[name] }),
    set: (values: object) => Promise.resolve(void Object.assign(stored, structuredClone(values))),
  };
  vi.stubGlobal("chrome", { storage: { local } });
});

describe("the word for the next script in a document", () => {
  it("is said once, and to the document that left it alone", async () => {
    const before = new Successions();
    await Promise.all([before.leave("d1", "one"), before.leave("d2", "two")]);
    const renewed = new Successions();
    expect(await renewed.take("d3")).toBeUndefined();
    expect(await renewed.take("d1")).toBe("one");
    expect(await renewed.take("d1")).toBeUndefined();
    expect(await renewed.take("d2")).toBe("two");
  });
  it("is that of the last script", async () => {
    const successions = new Successions();
    await successions.leave("d1", "old");
    await successions.leave("d1", "new");
    expect(await successions.take("d1")).toBe("new");
  });
  it("of the oldest gives way", async () => {
    const successions = new Successions();
    for (let i = 0; i < 310; i += 1) {
      await successions.leave(`d-${i}`, `${i}`);
    }
    await successions.leave("d-10", "again");
    await successions.leave("d-310", "310");
    expect(await successions.take("d-0")).toBeUndefined();
    expect(await successions.take("d-10")).toBe("again");
    expect(await successions.take("d-309")).toBe("309");
  });
});

it("an old script says what the renewed one told it", () => {
  vi.stubGlobal("chrome", { i18n: { getMessage: () => { throw new Error("Extension context invalidated."); } } });
  takeWords({ stopped: "$1 of $2 stopped" });
  expect(say("stopped", 3, "a$1b")).toBe("3 of a$1b stopped");
  expect(say("unknown")).toBe("unknown");
});
