// SPDX-License-Identifier: Apache-2.0
// What content scripts and popup say to the worker, and its answers. Nothing in them about where they come from is
// believed: the worker takes origin, tab and frame from the browser.
import type { Site } from "../../sites/site";
import type { Decision } from "./decisions";
import type { FailMode } from "./fail_mode";
import type { Sent } from "./texts";
import type { EventWord, Question, Verdict } from "./protocol";

export type ToWorker =
  | { type: "guard" }
  | { type: "ask"; question: Question }
  | { type: "request"; sent: Sent }
  | { type: "file_begin"; file: string; name: string; mime: string; size: number }
  | { type: "file_chunk"; file: string; seq: number; data: string } // base64
  | { type: "file_end"; file: string }
  | { type: "file_cancel"; file: string }
  | { type: "hooked" } // our script stands in the page's own world
  | { type: "answer"; interaction: string; proceed: boolean; justification: string }
  | { type: "event"; what: EventWord; interaction?: string }
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

export interface Guard {
  isGuarded: boolean;
  failMode: FailMode;
  site?: Site; // what is known of it
  sendsRedacted: boolean; // a message is sent at once when its private values were replaced
}

export interface Health {
  isUp: boolean;
  agentVersion: string;
  revision: string;
  failMode: FailMode;
  page: { host: string; name: string; isGuarded: boolean } | undefined; // undefined: no web page
  decisions: Decision[];
  missed: number; // events that wait for the agent
}

// worker → content script
export interface GuardChanged {
  type: "guard_changed";
}
