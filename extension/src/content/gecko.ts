// SPDX-License-Identifier: Apache-2.0
// Firefox keeps the worlds of page and content script apart by wrappers: an object made in one can be read in the other only
// when it is cloned there.
declare global {
  const cloneInto: <Value extends object>(value: Value, target: object, options?: { wrapReflectors: boolean }) => Value;
}

export const isGecko = typeof (globalThis as { cloneInto?: unknown }).cloneInto === "function";

// What our world puts into an event is hidden from the page, unless the event is made of the page's own parts.
interface PageWindow {
  ClipboardEvent: typeof ClipboardEvent;
  DataTransfer: typeof DataTransfer;
  DragEvent: typeof DragEvent;
  InputEvent: typeof InputEvent;
}
export const pageWindow = (): PageWindow => (window as unknown as { wrappedJSObject: PageWindow }).wrappedJSObject;
