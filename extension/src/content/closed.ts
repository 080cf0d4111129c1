// SPDX-License-Identifier: Apache-2.0
// A listener that fails must not let through what it was there to hold.
import type { Kind } from "../shared/protocol";
import { notify } from "../ui/notice";
import * as words from "../ui/words";

export function closed<Kept extends Event>(kind: Kind, listen: (event: Kept) => void): (event: Kept) => void {
  return (event) => {
    try {
      listen(event);
    } catch {
      event.preventDefault();
      event.stopImmediatePropagation();
      notify(words.notChecked(kind));
    }
  };
}
