// SPDX-License-Identifier: Apache-2.0
// What was typed, on its way out: held until the verdict on the editor's text, then sent the way the person did it.
import { plain } from "../shared/known";
import { notify } from "../ui/notice";
import * as words from "../ui/words";
import { textOf } from "./composer";
import { guard } from "./guard";
import { type Held, judge, report } from "./hold";
import { type Insertion, insert, newLine } from "./insert";
import { soon } from "./put";
import { isKnown } from "./seen";
import { isTextControl } from "./target";

const kRounds = 3;

const wait = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

// True when all of them may go, as they are or with private values replaced.
export async function mayGo(editors: readonly HTMLElement[]): Promise<boolean> {
  let isSending = true;
  const keep = (): void => void (isSending = false);
  for (const editor of editors) {
    if (!(await editorMayGo(editor, keep))) {
      return false;
    }
  }
  return isSending;
}

// A text that changes while it is looked at is looked at again.
async function editorMayGo(editor: HTMLElement, keep: () => void): Promise<boolean> {
  for (let round = 0; round < kRounds; round += 1) {
    const text = textOf(editor);
    if (isKnown(text)) {
      return true;
    }
    const release: Released = {};
    if (!(await judge(heldFor(editor, text, release, keep))) || !editor.isConnected) {
      return false;
    }
    if (release.text !== undefined && plain(textOf(editor)) === plain(release.text)) {
      return true;
    }
  }
  notify(words.changed());
  return false;
}

interface Released {
  text?: string;
}

function heldFor(editor: HTMLElement, text: string, released: Released, keep: () => void): Held {
  return {
    kind: "submit",
    text,
    release: async (what, interaction) => {
      released.text = what.text;
      report("submitted", interaction);
      return true;
    },
    replace: async (what, interaction, verdict) => {
      if (!(await replaceAll(editor, what))) {
        report("not_inserted", interaction);
        notify(words.notTaken(), () => void navigator.clipboard.writeText(what.text));
        return false;
      }
      const { sendsRedacted } = guard();
      if (!sendsRedacted) {
        keep();
      }
      released.text = what.text;
      report("inserted", interaction);
      notify(words.redacted("submit", verdict, sendsRedacted));
      return true;
    },
  };
}

function selectAll(editor: HTMLElement): void {
  editor.focus();
  if (isTextControl(editor)) {
    editor.select();
  } else {
    const range = document.createRange();
    range.selectNodeContents(editor);
    const selection = document.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
  }
}

// Editors learn of a selection a little later, some a tenth of a second after the last one.
const kSelectionTimes = [30, 150, 400];

// Believed only when the editor reads as it should. Because all of it is replaced, trying again cannot make a text appear twice.
async function replaceAll(editor: HTMLElement, what: Insertion): Promise<boolean> {
  const reads = (): boolean => editor.isConnected && plain(textOf(editor)) === plain(what.text);
  for (const time of kSelectionTimes) {
    selectAll(editor);
    await wait(time);
    insert({ element: editor, range: undefined, controlRange: undefined }, what);
    if (await soon(reads)) {
      return true;
    }
  }
  return false;
}

export interface Chord {
  ctrlKey: boolean;
  metaKey: boolean;
}

// The key that was swallowed, once more. What the browser itself does for a key does not follow a made one.
export function pressEnter(element: HTMLElement, { ctrlKey, metaKey }: Chord): void {
  const make = (type: string): KeyboardEvent =>
    new KeyboardEvent(type, { key: "Enter", code: "Enter", keyCode: 13, which: 13, charCode: type === "keypress" ? 13 : 0,
      ctrlKey, metaKey, bubbles: true, cancelable: true, composed: true } as KeyboardEventInit); // prettier-ignore
  const isFree = element.dispatchEvent(make("keydown")) && element.dispatchEvent(make("keypress"));
  if (isFree && !ctrlKey && !metaKey && element.isConnected) {
    const form = element.localName === "input" ? element.closest("form") : undefined;
    if (form) {
      form.requestSubmit();
    } else {
      newLine(element);
    }
  }
  element.dispatchEvent(make("keyup"));
}
