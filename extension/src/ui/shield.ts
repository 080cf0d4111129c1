// SPDX-License-Identifier: Apache-2.0
// Our own surface in a page: one element with a closed shadow root, in the browser's top layer. What the person types there
// must not reach the page, whose listeners stand on the same path: such events end at the window, before the page.
import { css } from "./style";

let host: HTMLElement | undefined;
let root: ShadowRoot | undefined;

const kPrivate = [
  "keydown", "keyup", "keypress", "beforeinput", "input", "change", "paste", "copy", "cut",
  "compositionstart", "compositionupdate", "compositionend", "focusin", "focusout",
]; // prettier-ignore

export function isOurs(event: Event): boolean {
  return host !== undefined && event.target === host;
}

export function shield(): void {
  for (const type of kPrivate) {
    window.addEventListener(type, (event) => isOurs(event) && event.stopImmediatePropagation(), true);
  }
}

// Removed by the page: made anew at the next use.
export function surface(): ShadowRoot {
  if (!host?.isConnected || !root) {
    host = document.createElement("div");
    host.style.cssText = "all: initial !important; display: block !important;";
    root = host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    document.documentElement.append(host);
  }
  return root;
}

export type Child = Node | string;

export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string>,
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

// Only a real click counts: the page cannot reach the button, but must not be able to press it by other means either.
export function button(label: string, kind: string, pressed: () => void): HTMLButtonElement {
  const element = make("button", { type: "button", class: kind }, label);
  element.addEventListener("click", (event) => event.isTrusted && pressed());
  return element;
}
