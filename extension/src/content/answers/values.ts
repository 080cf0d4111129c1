// SPDX-License-Identifier: Apache-2.0
// What the agent says about texts that the page shows. Values stay in this world: no message to the page holds one.
import type { Reading } from "../../shared/messages";
import { isFields } from "../../shared/protocol";
import { askWorker } from "../guard";

const kAtOnce = 60;

const values = new Map<string, string | undefined>();

export function valueOf(placeholder: string): string | undefined {
  return values.get(placeholder);
}

export function forgetValues(): void {
  values.clear();
}

export async function read(text: string, placeholders: readonly string[] = []): Promise<Reading> {
  const none: Reading = { values: [], marks: [] };
  const answer = await askWorker({ type: "reading", text, placeholders: [...placeholders] }).catch(() => undefined);
  return isFields(answer) && Array.isArray(answer.values) && Array.isArray(answer.marks) ? (answer as unknown as Reading) : none;
}

// Asks for those that were not asked for before. True when something new is known.
export async function learn(placeholders: readonly string[]): Promise<boolean> {
  const unknown = [...new Set(placeholders)].filter((each) => !values.has(each)).slice(0, kAtOnce);
  if (unknown.length === 0) {
    return false;
  }
  unknown.forEach((each) => values.set(each, undefined)); // asked for once
  const { values: found } = await read("", unknown);
  found.forEach(([placeholder, value]) => values.set(placeholder, value));
  return found.length > 0;
}

// What the agent could not say yet it may say later: a new placeholder was given.
export function askAgain(): void {
  [...values].forEach(([placeholder, value]) => value === undefined && values.delete(placeholder));
}
