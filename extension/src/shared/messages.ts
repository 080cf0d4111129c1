// SPDX-License-Identifier: Apache-2.0
// What content scripts and popup say to the worker, and its answers. Nothing in them about where they come from is
// believed: the worker takes origin, tab and frame from the browser.
import type { Site } from "../../sites/site";
import type { Decision } from "./decisions";
import type { FailMode } from "./fail_mode";
import type { Sent } from "./texts";
import type { Answers, EventWord, Question, Unlisted, Verdict } from "./protocol";

export type ToWorker =
  | { type: "guard" }
  | { type: "ask"; question: Question }
  | { type: "request"; sent: Sent }
  | { type: "file_begin"; file: string; name: string; mime: string; size: number }
  | { type: "file_chunk"; file: string; seq: number; data: string } // base64
  | { type: "file_end"; file: string }
  | { type: "file_cancel"; file: string }
  | { type: "focus"; isFocused: boolean } // of a page for which the clipboard may be looked at before a paste
  | { type: "here"; word: string } // by which this document's script knows the next one, when the extension is renewed
  | { type: "succeed" } // asks for that word; answered with it
  | { type: "words" } // all words for people; answered with Record<string, string>
  | { type: "hooked" } // our script stands in the page's own world
  | { type: "answer"; interaction: string; proceed: boolean; justification: string; redact: boolean }
  | { type: "chat"; text: string } // for a model on this computer
  | { type: "reading"; text: string; placeholders: string[] } // what the page shows
  | { type: "event"; what: EventWord; interaction?: string }
  | { type: "managed" } // the options page
  | { type: "health"; url: string }; // the popup, about the page in front

// verdict: the agent's word. missing: no agent, no host, or no answer in time; failMode says what follows.
// refused: the agent is there and could not judge; always closed.
export type Outcome =
  | { state: "verdict"; verdict: Verdict }
  | { state: "missing"; isTimeout: boolean; failMode: FailMode }
  | { state: "refused"; error: string };

// A step of a file was taken. isEnough: what follows would change nothing.
export interface Taken {
  state: "taken";
  isEnough: boolean;
}

// About a text that a page shows: [placeholder, value]; [begin, end, what is secret there], in UTF-16 code units.
export interface Reading {
  values: (readonly [string, string])[];
  marks: (readonly [number, number, string])[];
}

export interface Guard {
  isGuarded: boolean;
  answers: Answers;
  failMode: FailMode;
  site?: Site; // what is known of it
  hasFastPath: boolean; // the agent knows of the clipboard before a paste
  patience: number; // milliseconds that a verdict may take
  sendsRedacted: boolean; // a message is sent at once when its private values were replaced
}

// What policy and managed storage set.
export interface Managed {
  revision: string;
  failMode: FailMode;
  sendsRedacted: boolean;
  answers: Answers;
  unlisted: Unlisted;
  hasFastPath: boolean;
  sites: { name: string; hosts: string[]; isGuarded: boolean }[];
}

export interface Health {
  isUp: boolean;
  agentVersion: string;
  revision: string;
  failMode: FailMode;
  page: { host: string; name: string; isGuarded: boolean; isUnlisted: boolean } | undefined; // undefined: no web page
  decisions: Decision[];
  missed: number; // events that wait for the agent
}

// worker → content script
export interface GuardChanged {
  type: "guard_changed";
}
// The page is an AI site that no list names.
export interface UnlistedFound {
  type: "unlisted";
  isBlocked: boolean;
}
// What the agent says about the clipboard, to the page that has the focus.
export interface ClipKnown {
  type: "clip";
  key: string;
  text: string;
  html: string;
  allowed: boolean;
}
