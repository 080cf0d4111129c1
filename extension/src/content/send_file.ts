// SPDX-License-Identifier: Apache-2.0
// A file on its way to the agent: pieces of half a megabyte, a few under way at once, and no more of it than the agent wants.
import type { Outcome, Taken, ToWorker } from "../shared/messages";
import { kChunkLimit, kKnownFileLimit } from "../shared/protocol";
import { isGecko } from "./gecko";
import { guard } from "./guard";

export const kWindow = 4; // pieces that are not acknowledged yet

const kStepLimit = 6000;
const kVerdictLimit = 31_000;

export type Asking = (message: ToWorker, limit: number) => Promise<Outcome | Taken>;

export interface FileLike {
  name: string;
  type: string;
  size: number;
  slice(begin: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

export function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}

// In Gecko the bytes of a file belong to the page's world, where they can hardly be touched from ours.
function ownBytes(buffer: ArrayBuffer): Uint8Array {
  return new Uint8Array(isGecko ? cloneInto(buffer, globalThis) : buffer);
}

const isTaken = (step: Outcome | Taken): step is Taken => step.state === "taken";
const failed = (): Outcome => ({ state: "missing", isTimeout: false, failMode: guard().failMode });

// When the agent has enough of it the rest stays here, unless the worker wants to know the file again in a request.
export async function sendFile(file: FileLike, ask: Asking): Promise<Outcome> {
  const name = crypto.randomUUID().replaceAll("-", "");
  const begun = await ask({ type: "file_begin", file: name, name: file.name, mime: file.type, size: file.size }, kStepLimit);
  if (!isTaken(begun)) {
    return begun;
  }
  let problem: Outcome | undefined;
  let isEnough = false;
  const running = new Set<Promise<void>>();
  for (let seq = 0; seq * kChunkLimit < file.size && !problem && !isEnough; seq += 1) {
    const bytes = ownBytes(await file.slice(seq * kChunkLimit, (seq + 1) * kChunkLimit).arrayBuffer());
    const step = ask({ type: "file_chunk", file: name, seq, data: base64(bytes) }, kStepLimit).then((answer) => {
      if (!isTaken(answer)) {
        problem ??= answer;
      } else if (answer.isEnough && file.size > kKnownFileLimit) {
        isEnough = true;
      }
    });
    const tracked: Promise<void> = step.finally(() => running.delete(tracked));
    running.add(tracked);
    if (running.size >= kWindow) {
      await Promise.race(running);
    }
  }
  await Promise.all(running);
  if (problem) {
    void ask({ type: "file_cancel", file: name }, kStepLimit).catch(() => undefined);
    return problem;
  }
  const outcome = await ask({ type: "file_end", file: name }, kVerdictLimit);
  return isTaken(outcome) ? failed() : outcome;
}
