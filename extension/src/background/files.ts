// SPDX-License-Identifier: Apache-2.0
// Files on their way to the agent, step by step; each step is answered before the content script goes on. What may go is
// remembered as the text that its bytes look like in a request, so that the page can upload it without another question.
import type { Outcome, Taken } from "../shared/messages";
import { kChunkLimit, kKnownFileLimit } from "../shared/protocol";
import type { Reply } from "./connection";
import type { Agent, Desk, Place } from "./desk";

const kStepLimit = 5000;
const kVerdictLimit = 30_000;
const kOpenLimit = 64;

interface Transfer {
  origin: string;
  name: string;
  isEnough: boolean; // for the agent
  text: string | undefined;
  decoder: TextDecoder;
}

type Step =
  | { type: "file_begin"; file: string; name: string; mime: string; size: number }
  | { type: "file_chunk"; file: string; seq: number; data: string }
  | { type: "file_end"; file: string }
  | { type: "file_cancel"; file: string };

export class Files {
  private readonly open = new Map<string, Transfer>();

  constructor(
    private readonly agent: Agent & { tell(message: Record<string, unknown>): Promise<boolean> },
    private readonly desk: Desk,
  ) {}

  async take(place: Place, step: Step): Promise<Outcome | Taken | undefined> {
    const key = `${place.place.tab}-${place.place.frame}-${step.file}`.replace("--", "-x");
    switch (step.type) {
      case "file_begin":
        return this.begin(place, key, step);
      case "file_chunk":
        return this.chunk(place, key, step);
      case "file_end":
        return this.end(place, key);
      case "file_cancel":
        this.open.delete(key);
        await this.agent.tell({ type: "file_cancel", file: key });
        return undefined;
    }
  }

  private async begin(place: Place, key: string, step: Step & { type: "file_begin" }): Promise<Outcome | Taken> {
    if (this.open.size >= kOpenLimit || this.open.has(key)) {
      return { state: "refused", error: "busy" };
    }
    const { origin, topOrigin } = place;
    const { size } = step;
    const name = step.name.toWellFormed().slice(0, 250);
    const text = size <= kKnownFileLimit ? "" : undefined;
    this.open.set(key, { origin, name, isEnough: false, text, decoder: new TextDecoder() });
    const fields = { type: "file_begin", kind: "upload", file: key, origin, topOrigin, ...place.place, name, mime: step.mime.slice(0, 200), size };
    return this.taken(key, await this.agent.ask(fields, kStepLimit));
  }

  private async chunk(place: Place, key: string, step: Step & { type: "file_chunk" }): Promise<Outcome | Taken> {
    const transfer = this.open.get(key);
    if (transfer?.origin !== place.origin || step.data.length > kChunkLimit * 2) {
      return { state: "refused", error: "invalid" };
    }
    if (transfer.text !== undefined) {
      transfer.text += transfer.decoder.decode(bytesOf(step.data), { stream: true });
    }
    if (transfer.isEnough) {
      return { state: "taken", isEnough: true };
    }
    return this.taken(key, await this.agent.ask({ type: "file_chunk", file: key, seq: step.seq, data: step.data }, kStepLimit));
  }

  private async end(place: Place, key: string): Promise<Outcome> {
    const transfer = this.open.get(key);
    this.open.delete(key);
    if (transfer?.origin !== place.origin) {
      return { state: "refused", error: "invalid" };
    }
    const text = transfer.text === undefined ? [] : [transfer.text + transfer.decoder.decode()];
    return this.desk.settle(place, "upload", [...text, transfer.name], await this.agent.ask({ type: "file_end", file: key }, kVerdictLimit));
  }

  private taken(key: string, reply: Reply): Outcome | Taken {
    if (reply.state === "answered" && reply.message.type === "file_ok") {
      const isEnough = reply.message.enough === true;
      const transfer = this.open.get(key);
      if (transfer && isEnough) {
        transfer.isEnough = true;
      }
      return { state: "taken", isEnough };
    }
    this.open.delete(key);
    const outcome = this.desk.outcomeOf(reply);
    // A verdict in the place of a step is no answer.
    return outcome.state === "verdict" ? { state: "refused", error: "unreadable" } : outcome;
  }
}

function bytesOf(base64: string): Uint8Array {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) {
    bytes[i] = binary.charCodeAt(i);
  }
  return bytes;
}
