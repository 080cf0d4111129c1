// SPDX-License-Identifier: Apache-2.0
// A page that reads the clipboard by itself (a button "paste") gets what a paste would have got: text, looked at. Pictures come
// by a real paste, which is held.
import { kClipboard } from "../shared/door";
import { ask } from "./door";
import * as native from "./natives";

export function hookClipboard(): void {
  if (typeof Clipboard !== "function") {
    return;
  }
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
