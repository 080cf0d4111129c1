// SPDX-License-Identifier: Apache-2.0
// Placeholders in what a page shows, as models leave them. The agent has the last word on each: this only finds what may be
// one. Format: docs/formats/placeholder.md.
export interface Place {
  begin: number;
  end: number;
  text: string;
}

const kShape = /\[\[\s?[A-Za-z]{1,16}\\?[_ -]\d{1,8}\\?[_ -][0-9A-Za-z]{2}\s?\]\]|(?<![A-Za-z0-9_])[A-Z]{2,16}_\d{1,8}_[0-9A-HJKMNP-TV-Z]{2}(?![A-Za-z0-9_])/g;

export function placesIn(text: string): Place[] {
  return [...text.matchAll(kShape)].map((found) => ({ begin: found.index, end: found.index + found[0].length, text: found[0] }));
}

// The text with every placeholder replaced whose value is known. Undefined when there is none.
export function restored(text: string, valueOf: (placeholder: string) => string | undefined, escape = (value: string): string => value): string | undefined {
  let result = "";
  let position = 0;
  for (const { begin, end, text: placeholder } of placesIn(text)) {
    const value = valueOf(placeholder);
    if (value !== undefined) {
      result += text.slice(position, begin) + escape(value);
      position = end;
    }
  }
  return position > 0 ? result + text.slice(position) : undefined;
}
