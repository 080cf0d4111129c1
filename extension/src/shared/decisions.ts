// SPDX-License-Identifier: Apache-2.0
// What was decided lately, for the person to look up: never a text, only what kind of thing was found where.
import { type Action, type Found, isFields, type Kind } from "./protocol";

export interface Decision {
  at: number; // milliseconds since 1970
  host: string;
  kind: Kind;
  action: Action | "held"; // held: nobody could decide
  found: Found[];
}

export const kDecisionsLimit = 20;

// The newest first.
export function withDecision(list: readonly Decision[], decision: Decision): Decision[] {
  return [decision, ...list].slice(0, kDecisionsLimit);
}

export function readDecisions(value: unknown): Decision[] {
  return Array.isArray(value) ? (value.filter((row) => isFields(row) && typeof row.at === "number" && typeof row.host === "string") as Decision[]) : [];
}
