// SPDX-License-Identifier: Apache-2.0
// What was let go in this page: a message that is made of it may leave at once. The worker has the last word on every piece.
import { piecesOf, plain, type Range, rangesOf } from "../shared/known";

const kLimit = 200;

let texts: string[] = [];

export function remember(text: string): void {
  const pieces = piecesOf(text);
  texts = [...texts.filter((each) => !pieces.includes(each)), ...pieces].slice(-kLimit);
}

export function forgetAll(): void {
  texts = [];
}

export function isKnown(text: string): boolean {
  const wanted = plain(text);
  return wanted === "" || texts.some((each) => plain(each) === wanted);
}

export function knownIn(text: string): Range[] {
  return rangesOf(text, texts);
}
