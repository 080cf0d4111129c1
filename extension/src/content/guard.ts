// SPDX-License-Identifier: Apache-2.0
// The way to the worker, and what is known before it answers: guarded, closed.
import { sites } from "../../sites/index";
import type { Site } from "../../sites/site";
import type { Guard, Outcome, Taken, ToWorker } from "../shared/messages";
import { isFields, kPatience, patienceOf } from "../shared/protocol";
import { siteOf } from "../shared/site_match";
import { askByMessenger, isCutOff } from "./succession";

// How much longer than the worker's own limit is waited, so that its answer wins when it is alive.
const kSlack = 500;
// A renewed extension puts its script in again within this time.
const kRenewalLimit = 3000;

export class ContextGone extends Error {}

const builtIn = siteOf(globalThis.location?.hostname ?? "", undefined, sites);
let known: Guard = { isGuarded: true, answers: "leave", hasFastPath: false, failMode: "closed", patience: kPatience, sendsRedacted: true, ...(builtIn ? { site: builtIn } : {}) };

export function guard(): Guard {
  return known;
}

export async function askWorker(message: ToWorker): Promise<unknown> {
  if (!isCutOff()) {
    try {
      return await chrome.runtime.sendMessage(message);
    } catch (error) {
      if (!isCutOff()) {
        throw error;
      }
    }
  }
  // This script belongs to a version of the extension that is gone.
  const carried = await askByMessenger(message);
  if (!carried) {
    throw new ContextGone();
  }
  return carried.answer;
}

export async function refreshGuard(): Promise<void> {
  const answer = await askWorker({ type: "guard" }).catch(() => undefined);
  if (isFields(answer) && typeof answer.isGuarded === "boolean") {
    const failMode = answer.failMode === "open" ? "open" : "closed";
    const site = isFields(answer.site) ? (answer.site as unknown as Site) : undefined;
    const answers = answer.answers === "restore" || answer.answers === "flag" ? answer.answers : "leave";
    known = { isGuarded: answer.isGuarded, answers, hasFastPath: answer.hasFastPath === true, failMode, patience: patienceOf(answer.patience), sendsRedacted: answer.sendsRedacted !== false, ...(site ? { site } : {}) };
  }
}

// The worker's outcome, or "missing" when it keeps silent for `limit` milliseconds. Throws ContextGone.
export async function outcomeOf<Kind extends Outcome | Taken = Outcome>(message: ToWorker, limit = known.patience + kSlack): Promise<Kind | Outcome> {
  const silence = new Promise<Outcome>((resolve) =>
    setTimeout(() => resolve({ state: "missing", isTimeout: true, failMode: known.failMode }), limit + (isCutOff() ? kRenewalLimit : 0)),
  );
  const missing: Outcome = { state: "missing", isTimeout: false, failMode: known.failMode };
  const asked = askWorker(message).then(
    (answer) => (isFields(answer) && typeof answer.state === "string" ? (answer as unknown as Kind | Outcome) : missing),
    (error: unknown) => {
      if (error instanceof ContextGone) {
        throw error;
      }
      return missing;
    },
  );
  return Promise.race([asked, silence]);
}
