// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it, vi } from "vitest";
import { base64, type FileLike, kWindow, sendFile } from "../src/content/send_file";
import type { Outcome, Taken, ToWorker } from "../src/shared/messages";
import { kChunkLimit, kKnownFileLimit } from "../src/shared/protocol";

const verdict = { state: "verdict" } as Outcome;
const taken = (isEnough = false): Taken => ({ state: "taken", isEnough });

// A file of one byte over and over, which takes no room.
const fileOf = (size: number): FileLike => ({
  name: "a.txt",
  type: "text/plain",
  size,
  slice: (begin, end) => ({ arrayBuffer: () => Promise.resolve(new Uint8Array(Math.max(0, Math.min(end, size) - begin)).fill(97).buffer) }),
});

let said: ToWorker[];
beforeEach(() => {
  said = [];
  vi.stubGlobal("chrome", { runtime: { id: "x" } });
});

describe("a file on its way", () => {
  it("begins, comes in pieces in order, and ends", async () => {
    const ask = (message: ToWorker) => (said.push(message), Promise.resolve(message.type === "file_end" ? verdict : taken()));
    expect(await sendFile(fileOf(kChunkLimit * 2 + 1), ask)).toBe(verdict);
    expect(said.map((each) => each.type)).toEqual(["file_begin", "file_chunk", "file_chunk", "file_chunk", "file_end"]);
    expect(said.slice(1, 4).map((each) => (each.type === "file_chunk" ? [each.seq, each.data.length] : []))).toEqual([
      [0, Math.ceil(kChunkLimit / 3) * 4],
      [1, Math.ceil(kChunkLimit / 3) * 4],
      [2, 4],
    ]);
  });
  it("an empty file has no pieces", async () => {
    const ask = (message: ToWorker) => (said.push(message), Promise.resolve(message.type === "file_end" ? verdict : taken()));
    expect(await sendFile(fileOf(0), ask)).toBe(verdict);
    expect(said.map((each) => each.type)).toEqual(["file_begin", "file_end"]);
  });
  it("has no more pieces under way than the window", async () => {
    const open: (() => void)[] = [];
    let most = 0;
    const ask = (message: ToWorker): Promise<Taken | Outcome> => {
      if (message.type !== "file_chunk") {
        return Promise.resolve(message.type === "file_end" ? verdict : taken());
      }
      return new Promise((resolve) => {
        open.push(() => resolve(taken()));
        most = Math.max(most, open.length);
      });
    };
    const done = sendFile(fileOf(kChunkLimit * 20), ask);
    for (let i = 0; i < 20; i += 1) {
      await vi.waitFor(() => expect(open.length).toBeGreaterThan(0), { timeout: 30_000 });
      open.shift()?.();
    }
    expect(await done).toBe(verdict);
    expect(most).toBe(kWindow);
  });
  it("ends early when the agent has enough of a file that is too large to be known again", async () => {
    const ask = (message: ToWorker) => (said.push(message), Promise.resolve(message.type === "file_end" ? verdict : taken(true)));
    await sendFile(fileOf(kKnownFileLimit + kChunkLimit * 20), ask);
    expect(said.length).toBeLessThan(10);
    expect(said.at(-1)?.type).toBe("file_end");
  });
  it.each([
    ["missing", { state: "missing", isTimeout: true, failMode: "closed" } as Outcome],
    ["refused", { state: "refused", error: "invalid" } as Outcome],
    ["a verdict in the place of a step", { state: "verdict" } as Outcome],
  ])("stops at the first step that is %s", async (_name, problem) => {
    const ask = (message: ToWorker) => (said.push(message), Promise.resolve(message.type === "file_chunk" ? problem : taken()));
    expect(await sendFile(fileOf(kChunkLimit * 20), ask)).toBe(problem);
    expect(said.at(-1)?.type).toBe("file_cancel");
    expect(said.some((each) => each.type === "file_end")).toBe(false);
  });
  it("is not let go by an end that is no verdict", async () => {
    expect((await sendFile(fileOf(1), () => Promise.resolve(taken()))).state).toBe("missing");
  });
});

it("base64 is exact for every length", () => {
  for (const length of [0, 1, 2, 3, 0x8000 - 1, 0x8000, 0x8001]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i % 256);
    expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  }
});
