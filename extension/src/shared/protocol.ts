// SPDX-License-Identifier: Apache-2.0
// The messages of the bridge as the extension sees them. What comes in is checked field by field: an answer that is not
// exactly what we understand is no answer. Format: docs/formats/native-message.md.
import type { Site } from "../../sites/site";
import { type FailMode, readFailMode } from "./fail_mode";
import type { Range } from "./known";
import type { Span } from "./spans";

export const kVersion = 1;
export const kHostName = "com.gatehouse.agent";
export const kFrameLimit = 1024 * 1024;
export const kTextLimit = 768 * 1024;
export const kJustificationLimit = 2000;

// paste, drop: on its way into the page. submit: typed, about to be sent. network: in a request of the page. upload: a file.
export type Kind = "paste" | "drop" | "submit" | "network" | "upload";
export const kChunkLimit = 512 * 1024; // bytes of a file in one message
export const kKnownFileLimit = 32 * 1024 * 1024; // a file up to this size is known again when the page sends it

const actions = ["allow", "log", "warn", "justify", "redact", "route-local", "block"] as const;
export type Action = (typeof actions)[number];

export interface Found {
  name: string;
  count: number;
}

export interface Verdict {
  action: Action;
  interaction: string;
  message: string;
  reason: string;
  found: Found[];
  spans: Span[];
  keepsHtml: boolean;
}

// What policy knows of a site; what it does not say, our own list says.
export interface PolicySite extends Partial<Omit<Site, "hosts">> {
  hosts: string[];
  guarded: boolean;
}

const answers = ["leave", "flag", "restore"] as const;
export type Answers = (typeof answers)[number];
const unlisted = ["ignore", "report", "warn", "block"] as const;
export type Unlisted = (typeof unlisted)[number];

export interface Policy {
  revision: string;
  failMode: FailMode;
  answers: Answers;
  unlisted: Unlisted; // AI sites that no list names
  aiHosts: string[]; // known to be such
  hasFastPath: boolean;
  patience: number; // milliseconds that a verdict may take
  sites: PolicySite[];
}

// What a verdict may take unless policy asks a model on this computer too; and the most that is waited for one.
export const kPatience = 3000;
const kMostPatience = 60_000;

export interface Question {
  kind: Kind;
  text: string;
  html?: string;
  known?: Range[]; // where texts stand that were looked at before
}

export type EventWord =
  | "inserted"
  | "not_inserted"
  | "held_down"
  | "passed_down"
  | "held_timeout"
  | "held_reload"
  | "held_size"
  | "page_interfered"
  | "submitted"
  | "request_refused"
  | "unlisted_ai"
  | "unlisted_refused"
  | "voice_unseen"
  | "upload_unseen";

type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function utf8Length(value: string): number {
  return new TextEncoder().encode(value).length;
}

// True when the question fits into one frame and the agent's cap, as it will be written.
export function fits(question: Question): boolean {
  const sizes = [question.text, question.html ?? ""].map(utf8Length);
  return sizes.every((size) => size <= kTextLimit) && utf8Length(JSON.stringify(question)) <= kFrameLimit - 4096;
}

export function readVerdict(message: unknown): Verdict | undefined {
  if (!isFields(message) || message.v !== kVersion || message.type !== "verdict_ok") {
    return undefined;
  }
  const action = actions.find((word) => word === message.action);
  const spans = action === "redact" ? readSpans(message.spans) : [];
  if (!action || !spans) {
    return undefined;
  }
  return {
    action,
    interaction: text(message.interaction),
    message: text(message.message),
    reason: text(message.reason),
    found: readFound(message.findings),
    spans,
    keepsHtml: message.html === "keep",
  };
}

function readSpans(value: unknown): Span[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const isSpan = (span: unknown): span is Span =>
    Array.isArray(span) && span.length === 3 && Number.isInteger(span[0]) && Number.isInteger(span[1]) && typeof span[2] === "string";
  return value.every(isSpan) ? value : undefined;
}

function readFound(value: unknown): Found[] {
  const rows: unknown[] = Array.isArray(value) ? value : [];
  return rows.filter(isFields).map((row) => ({
    name: text(row.name) || text(row.detector),
    count: typeof row.count === "number" ? row.count : 1,
  }));
}

// [placeholder, value] and [begin, end, name]; what is odd is left out.
export function readReading(message: unknown): { values: [string, string][]; marks: [number, number, string][] } | undefined {
  if (!isFields(message) || message.v !== kVersion || message.type !== "reading_ok") {
    return undefined;
  }
  const rows = (value: unknown): unknown[][] => (Array.isArray(value) ? value.filter((row): row is unknown[] => Array.isArray(row)) : []);
  const values = rows(message.values).filter((row): row is [string, string] => row.length === 2 && row.every((each) => typeof each === "string"));
  const marks = rows(message.marks).filter(
    (row): row is [number, number, string] => row.length === 3 && Number.isInteger(row[0]) && Number.isInteger(row[1]) && typeof row[2] === "string",
  );
  return { values, marks };
}

export function readPolicy(value: unknown): Policy | undefined {
  const failMode = isFields(value) ? readFailMode(value.failMode) : undefined;
  if (!isFields(value) || !failMode || !Array.isArray(value.sites)) {
    return undefined;
  }
  const rows: unknown[] = value.sites;
  return {
    revision: text(value.revision),
    failMode,
    answers: answers.find((word) => word === value.answers) ?? "leave",
    unlisted: unlisted.find((word) => word === value.unlisted) ?? "ignore",
    aiHosts: textsIn(value.aiHosts),
    hasFastPath: value.fastPath === true,
    patience: patienceOf(value.patience),
    sites: rows.filter(isFields).map(readSite),
  };
}

export const patienceOf = (value: unknown): number => (typeof value === "number" && value >= kPatience && value <= kMostPatience ? value : kPatience);

const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : []);

function readSite(row: Fields): PolicySite {
  const site: PolicySite = { hosts: textsIn(row.hosts), guarded: row.guarded !== false };
  for (const name of ["name", "composer", "send"] as const) {
    if (text(row[name])) {
      site[name] = text(row[name]);
    }
  }
  for (const name of ["prompts", "quiet", "helpers", "paths"] as const) {
    const list = textsIn(row[name]);
    if (list.length > 0) {
      site[name] = list;
    }
  }
  return site;
}
