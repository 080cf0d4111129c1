// SPDX-License-Identifier: Apache-2.0
// [begin, end, replacement], in UTF-16 code units of the text that was asked about.
export type Span = readonly [number, number, string];

// The text with every span replaced. Undefined when the spans are not ordered, overlap, leave the text or cut a surrogate
// pair: then nothing of it may be used.
export function applySpans(text: string, spans: readonly Span[]): string | undefined {
  let result = "";
  let position = 0;
  for (const [begin, end, replacement] of spans) {
    const isOrdered = Number.isInteger(begin) && Number.isInteger(end) && begin >= position && end >= begin && end <= text.length;
    if (!isOrdered || cutsPair(text, begin) || cutsPair(text, end)) {
      return undefined;
    }
    result += text.slice(position, begin) + replacement;
    position = end;
  }
  return result + text.slice(position);
}

function cutsPair(text: string, position: number): boolean {
  const before = text.charCodeAt(position - 1);
  const after = text.charCodeAt(position);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
