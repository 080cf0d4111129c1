// SPDX-License-Identifier: Apache-2.0
// A page that reads the clipboard by itself (a button "paste") gets what a paste would have got: text, looked at. Pictures come
// by a real paste, which is held.
import { kClipboard, kClipboardWrite } from "../shared/door";
import { ask, isOpen } from "./door";
import * as native from "./natives";

// What a page writes (a button "copy") may hold placeholders: then it is written for the page, with values that it never
// sees. The page writes itself when nobody else did.
function hookWriting(): void {
  const { prototype } = Clipboard;
  const { writeText, write } = prototype;
  const mayHold = (text: string): boolean => native.indexOf(text, "_") >= 0 || native.indexOf(text, "[[") >= 0;
  const around = (text: string, html: string, go: () => Promise<void>): Promise<void> => {
    if (!isOpen() || !mayHold(text)) {
      return go();
    }
    return new native.NativePromise<void>((resolve, reject) =>
      ask(native.absolute("/"), kClipboardWrite, native.stringify({ __proto__: null, text, html }), (isDone) => (isDone ? resolve() : native.then(go(), resolve, reject))),
    );
  };
  prototype.writeText = new Proxy(writeText, {
    __proto__: null,
    apply: (target: never, clipboard: Clipboard, list: unknown[]) => {
      const text = `${list[0] as string}`;
      return around(text, "", () => native.apply(target, clipboard, [text]) as Promise<void>);
    },
  } as never);
  const Item = ClipboardItem;
  const typeOf = native.unbound(Item.prototype.getType) as (item: ClipboardItem, type: string) => Promise<Blob>;
  const readText = native.unbound(Blob.prototype.text) as (blob: Blob) => Promise<string>;
  const formOf = (item: ClipboardItem, type: string, done: (text: string) => void): void =>
    native.then(typeOf(item, type), (blob) => native.then(readText(blob), done, () => done("")), () => done(""));
  prototype.write = new Proxy(write, {
    __proto__: null,
    apply: (target: never, clipboard: Clipboard, list: unknown[]) => {
      const item = (list[0] as ClipboardItem[] | undefined)?.[0];
      const go = (): Promise<void> => native.apply(target, clipboard, list) as Promise<void>;
      if (!isOpen() || !(item instanceof Item)) {
        return go();
      }
      return new native.NativePromise<void>((resolve, reject) =>
        formOf(item, "text/plain", (text) => formOf(item, "text/html", (html) => native.then(around(text, html, go), resolve, reject))),
      );
    },
  } as never);
}

export function hookClipboard(): void {
  if (typeof Clipboard !== "function") {
    return;
  }
  hookWriting();
  const { prototype } = Clipboard;
  const readText = native.unbound(prototype.readText);
  const Item = ClipboardItem;
  const textOf = (clipboard: Clipboard): Promise<string> =>
    new native.NativePromise<string>((resolve, reject) => {
      const refuse = (): void => reject(new native.NativeException("Read permission denied.", "NotAllowedError"));
      native.then(
        readText(clipboard),
        (text) => ask(native.absolute("/"), kClipboard, text, (isAllowed, instead) => (isAllowed ? resolve(instead ?? text) : refuse())),
        reject,
      );
    });
  prototype.readText = new Proxy(prototype.readText, { __proto__: null, apply: (_target: unknown, clipboard: Clipboard) => textOf(clipboard) } as never);
  prototype.read = new Proxy(prototype.read, {
    __proto__: null,
    apply: (_target: unknown, clipboard: Clipboard) =>
      new native.NativePromise<ClipboardItem[]>((resolve, reject) => {
        const wrap = (text: string): void => resolve([new Item({ "text/plain": new native.NativeBlob([text], { type: "text/plain" }) })]);
        native.then(textOf(clipboard), wrap, reject);
      }),
  } as never);
}
