// SPDX-License-Identifier: Apache-2.0
// The fast path: a paste whose verdict is known before it happens passes untouched, so that undo, formats and the caret are
// the browser's own. Known is only what the agent looked at while this page has the focus; everything else is held as ever.
import { type Clip, mayEnter, readClip } from "../shared/clip";
import { askWorker, guard } from "./guard";
import type { Carried } from "./transfer";

let clip: Clip | undefined;
let isTold = false; // that this page has the focus

export function isKnownPaste(carried: Carried): boolean {
  return carried.files.length === 0 && mayEnter(clip, carried.text, carried.html ?? "");
}

export function takeClip(message: unknown): void {
  clip = isTold ? readClip(message) : undefined;
}

// Called whenever focus or policy may have changed.
export function tellFocus(isActive: boolean): void {
  const isFocused = isActive && guard().hasFastPath && document.hasFocus();
  if (isFocused || isTold) {
    clip = undefined;
    isTold = isFocused;
    askWorker({ type: "focus", isFocused }).catch(() => undefined);
  }
}
