// SPDX-License-Identifier: Apache-2.0
// What a request says: the texts in its body and address that a person may have written. Both lines of defence ask here,
// our script in the page and the browser's own request events, so that they mean the same.
import type { Site } from "../../sites/site";
import { plain } from "./known";
import { matchesAny, matchesPath } from "./site_match";

export interface Sent {
  url: string;
  method: string;
  body: string; // as UTF-8, whatever it is
}

// deep: every text that is no mere name of something. light: whole sentences only. none: nothing.
type Depth = "deep" | "light" | "none";

const kTextLimit = 2000; // texts of one request; more are looked at as one
const kSentence = 24;
const kDepthLimit = 12;

const kUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const kTime = /^\d{4}-\d\d-\d\d[T ][\d:.]+(Z|[+-]\d\d:?\d\d)?$/;
const kName = /^[a-z]{1,20}([_./-][a-z0-9]{1,12}){0,5}$/; // "next", "text/plain", "gpt-4o-mini"
const kToken = /^[A-Za-z0-9+/_=.!~:-]{200,}$/; // session tokens, pictures

const isName = (text: string): boolean => kUuid.test(text) || kTime.test(text) || kName.test(text) || kToken.test(text);
const isSentence = (text: string): boolean => text.length >= kSentence && /\p{L}+\s+\p{L}+\s+\p{L}+/u.test(text);

export function depthOf(site: Site | undefined, pageHost: string, address: string): Depth {
  const url = new URL(address);
  if (site && matchesAny(site.helpers ?? [], url.hostname)) {
    return "deep";
  }
  if (url.hostname !== pageHost && !(site && matchesAny(site.hosts, url.hostname))) {
    return "light";
  }
  if (site?.quiet && matchesPath(site.quiet, url.pathname)) {
    return "none";
  }
  if (!site?.prompts || matchesPath(site.prompts, url.pathname)) {
    return "deep";
  }
  return site.paths ? "none" : "light"; // the rest of a host that does more than this is not ours
}

function parsed(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) {
    return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

// A password that goes to the site itself is nobody's prompt, and has no place in a record.
const kSignIn = /^(pass(word|wd|phrase|code)?|pwd|otp|totp|csrf\w*|\w*[_-]?token)$/i;
function isSignIn(name: string, value: unknown): boolean {
  const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return kSignIn.test(name) && typeof only === "string" && !/\s/.test(only);
}

// Every text inside, also in JSON within JSON.
function collect(value: unknown, found: Set<string>, depth: number): void {
  if (typeof value === "string") {
    const inner = depth < kDepthLimit ? parsed(value) : undefined;
    if (inner !== undefined && typeof inner === "object" && inner !== null) {
      collect(inner, found, depth + 1);
    } else {
      found.add(value);
    }
  } else if (typeof value === "object" && value !== null) {
    if (depth >= kDepthLimit) {
      found.add(JSON.stringify(value));
      return;
    }
    for (const [key, each] of Object.entries(value)) {
      if (Array.isArray(value)) {
        collect(each, found, depth + 1);
      } else if (!isSignIn(key, each)) {
        found.add(key);
        collect(each, found, depth + 1);
      }
    }
  }
}

// The parts of a multipart body, each as it is.
function partsOf(body: string): string[] | undefined {
  const boundary = /^--([^\r\n]{1,200})\r?\n/.exec(body)?.[1];
  if (!boundary) {
    return undefined;
  }
  return body
    .split(`--${boundary}`)
    .map((part) => /^\r?\n[\s\S]*?\r?\n\r?\n([\s\S]*?)\r?\n?$/.exec(part)?.[1])
    .filter((part) => part !== undefined);
}

function fieldsOf(body: string): Record<string, string[]> | undefined {
  if (!/^[\w.%+*~[\]-]{1,100}=[^\s]*$/.test(body)) {
    return undefined;
  }
  const fields = new URLSearchParams(body);
  return Object.fromEntries([...new Set(fields.keys())].map((name) => [name, fields.getAll(name)]));
}

// What can be read in a body that is no text: runs of letters, as in a picture's comment or a packed message.
function readable(text: string): string[] {
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text) ? text.split(/[\u0000-\u0008\u000e-\u001f\ufffd]+/).filter((run) => run.length >= 8) : [text];
}

function allTexts(body: string, isKnown: Known): Set<string> {
  const found = new Set<string>();
  if (isKnown(body)) {
    return found; // a file that was looked at, as it is
  }
  const whole = parsed(body);
  if (whole !== undefined) {
    collect(whole, found, 0);
    return found;
  }
  // One JSON document per line, or per record separator (0x1E) as in SignalR.
  const records = body.split(/[\u001e\n]/).filter((record) => record.trim() !== "");
  const documents = records.length < kTextLimit ? records.map(parsed) : [];
  if (documents.length > 0 && documents.every((each) => each !== undefined)) {
    documents.forEach((each) => collect(each, found, 0));
    return found;
  }
  const fields = fieldsOf(body);
  if (fields) {
    collect(fields, found, 0);
    return found;
  }
  for (const part of partsOf(body) ?? [body]) {
    if (!isKnown(part)) {
      readable(part).forEach((run) => collect(run, found, 0));
    }
  }
  return found;
}

// Names of fields in an address in which people ask something: a few words are enough there.
const kAsks = new Set(["q", "query", "prompt", "question", "text", "message", "input", "ask"]);

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

// Where a person's words may stand in an address: whole sentences anywhere, and what is asked in so many words.
function addressTexts(address: string): string[] {
  const { searchParams, pathname } = new URL(address);
  const asked = [...searchParams].filter(([name, value]) => isSentence(value) || (kAsks.has(name.toLowerCase()) && plain(value).includes(" ")));
  return [...asked.map(([, value]) => value), ...pathname.split("/").map(decoded).filter(isSentence)];
}

export type Known = (text: string) => boolean;

// What has to be let go before this may be sent, without what is known as a whole. Empty: nothing.
export function textsOf(site: Site | undefined, pageHost: string, sent: Sent, isKnown: Known = () => false): string[] {
  const depth = depthOf(site, pageHost, sent.url);
  if (depth === "none") {
    return [];
  }
  const wanted = (text: string): boolean => plain(text).length > 1 && (depth === "deep" ? !isName(text) : isSentence(text));
  const texts = [...allTexts(sent.body, isKnown)].filter(wanted).concat(addressTexts(sent.url));
  return texts.length > kTextLimit ? [texts.join("\n")] : texts;
}
