// SPDX-License-Identifier: Apache-2.0
// Words for people, in the browser's language: _locales/*/messages.json.
const kept = new Map<string, string>();

export function say(key: string, ...values: (string | number)[]): string {
  try {
    return chrome.i18n.getMessage(key, values.map(String)) || kept.get(key) || key;
  } catch {
    return kept.get(key) ?? key; // the extension was updated: this script is an old one's
  }
}

// For what has to be said when the browser does not answer any more.
export function keepWords(...keys: string[]): void {
  keys.forEach((key) => kept.set(key, say(key)));
}
