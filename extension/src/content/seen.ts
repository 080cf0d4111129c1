// SPDX-License-Identifier: Apache-2.0
// What was let go in this page: a message that is made of it may leave at once. The worker has the last word on every piece.
import { piecesOf, plain, type Range, rangesOf } from "../shared/known";

// Enough for the lines of a very long text, of which an editor may show any.
const kLimit = 3000;

const texts = new Map<string, string>(); // by what is compared, the latest last

export function remember(text: string): void {
  // The whole last: of a text of many lines it must not be the one that is forgotten.
  for (const piece of piecesOf(text).reverse()) {
    const key = plain(piece);
    texts.delete(key);
    texts.set(key, piece);
  }
  for (const key of texts.keys()) {
    if (texts.size <= kLimit) {
      break;
    }
    texts.delete(key);
  }
}

export function forgetAll(): void {
  texts.clear();
}

export function isKnown(text: string): boolean {
  const wanted = plain(text);
  return wanted === "" || texts.has(wanted);
}

export function knownIn(text: string): Range[] {
  return rangesOf(text, [...texts.values()]);
}
