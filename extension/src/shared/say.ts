// SPDX-License-Identifier: Apache-2.0
// Words for people, in the browser's language: _locales/*/messages.json.
const kept = new Map<string, string>();

export function say(key: string, ...values: (string | number)[]): string {
  try {
    return chrome.i18n.getMessage(key, values.map(String)) || key;
  } catch {
    // The extension was updated: this script is an old one's.
    return (kept.get(key) ?? key).replace(/\$(\d)/g, (_whole, number: string) => String(values[Number(number) - 1] ?? ""));
  }
}

// From the worker, in an old script: each with "$1" where a value goes.
export function takeWords(words: unknown): void {
  if (typeof words === "object" && words !== null) {
    Object.entries(words).forEach(([key, text]) => kept.set(key, String(text)));
  }
}

// For what has to be said when the browser does not answer any more.
export function keepWords(...keys: string[]): void {
  keys.forEach((key) => kept.set(key, say(key)));
}
