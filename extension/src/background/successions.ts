// SPDX-License-Identifier: Apache-2.0
// What outlives a renewal of the extension, so that its scripts in open pages can be reached again (src/content/succession.ts).
const kLimit = 300;
const kName = "successions";

type Words = Record<string, string>;

export class Successions {
  private last: Promise<unknown> = Promise.resolve();

  // The word by which the script in `document` knows the next one.
  leave(document: string, word: string): Promise<void> {
    return this.change((words) => {
      delete words[document];
      words[document] = word;
    });
  }

  // Said once.
  async take(document: string): Promise<string | undefined> {
    let word: string | undefined;
    await this.change((words) => {
      word = words[document];
      delete words[document];
    });
    return word;
  }

  // One after the other: two at once would lose one. The oldest give way.
  private change(make: (words: Words) => void): Promise<void> {
    const next = this.last.then(async () => {
      const stored = (await chrome.storage.local.get(kName))[kName] as Words | undefined;
      const words = { ...stored };
      make(words);
      await chrome.storage.local.set({ [kName]: Object.fromEntries(Object.entries(words).slice(-kLimit)) });
    });
    this.last = next.catch(() => undefined);
    return next;
  }
}

// Every text for people, with "$1" where a value goes: an old script cannot ask the browser for them.
export async function allWords(): Promise<Words> {
  const messages = (await (await fetch(chrome.runtime.getURL("_locales/en/messages.json"))).json()) as Record<string, unknown>;
  return Object.fromEntries(Object.keys(messages).map((key) => [key, chrome.i18n.getMessage(key, ["$1", "$2", "$3", "$4"])]));
}
