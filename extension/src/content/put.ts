// SPDX-License-Identifier: Apache-2.0
// Pastes and drops: the text enters the page where it was meant to go.
import type { Kind } from "../shared/protocol";
import { notify } from "../ui/notice";
import * as words from "../ui/words";
import { type Held, judge, report } from "./hold";
import { type Insertion, insert, shows } from "./insert";
import type { Target } from "./target";
import type { Carried } from "./transfer";

// Some editors show a text in their next task or frame. Enter waits while we look, so that the first looks come soon.
const kLooks = [0, 10, 30, 110];

// Whether something becomes true of the page within the time in which editors render.
export async function soon(isTrue: () => boolean): Promise<boolean> {
  for (const time of kLooks) {
    if (isTrue()) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, time));
  }
  return isTrue();
}

let settling = 0;

// Whether a text was handed to its editor, which has not shown it yet: who presses Enter now has seen it there.
export const isSettling = (): boolean => settling > 0;

export function heldFor(kind: Kind, target: Target, carried: Carried): Held {
  const release = (what: Insertion, interaction: string): Promise<boolean> => put(kind, target, what, interaction);
  return {
    kind,
    text: carried.text,
    ...(carried.html ? { html: carried.html } : {}),
    release,
    again: (text) => void judge(heldFor(kind, target, { text: text.toWellFormed(), files: [] })),
    replace: async (what, interaction, verdict) => {
      const isPut = await release(what, interaction);
      if (isPut) {
        notify(words.redacted(kind, verdict));
      }
      return isPut;
    },
  };
}

// True when the page shows the text. It is never tried twice: a second paste would be worse than none.
async function put(kind: Kind, target: Target, what: Insertion, interaction: string): Promise<boolean> {
  // Most editors show it at once; and a page may send it and clear the editor before the next look.
  settling += 1;
  const isShown = insert(target, what, kind === "drop") && (await soon(() => shows(target, what.text)));
  settling -= 1;
  if (isShown) {
    report("inserted", interaction);
    return true;
  }
  report("not_inserted", interaction);
  notify(words.notTaken(), () => void navigator.clipboard.writeText(what.text));
  return false;
}
