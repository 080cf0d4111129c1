// SPDX-License-Identifier: Apache-2.0
// Pastes and drops: the text enters the page where it was meant to go.
import type { Kind } from "../shared/protocol";
import { notify } from "../ui/notice";
import * as words from "../ui/words";
import { type Held, judge, report } from "./hold";
import { type Insertion, insert, shows } from "./insert";
import type { Target } from "./target";
import type { Carried } from "./transfer";

// Long enough for editors that render in their next frame.
export const kRenderTime = 150;

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
  const isTaken = insert(target, what, kind === "drop");
  // Most editors show it at once; and a page may send it and clear the editor before the second look.
  let isShown = isTaken && shows(target, what.text);
  if (isTaken && !isShown) {
    await new Promise((resolve) => setTimeout(resolve, kRenderTime));
    isShown = shows(target, what.text);
  }
  if (isShown) {
    report("inserted", interaction);
    return true;
  }
  report("not_inserted", interaction);
  notify(words.notTaken(), () => void navigator.clipboard.writeText(what.text));
  return false;
}
