// SPDX-License-Identifier: Apache-2.0
// What the extension's own pages (the button's window, the options) are made with.
import { say } from "./say";

export function place(id: string, ...lines: (string | Node)[]): void {
  document.getElementById(id)?.replaceChildren(...lines);
}

export function make(name: string, text: string, kind = ""): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  element.className = kind;
  return element;
}

// The words of the page in the browser's language: data-say names them.
export function translate(): void {
  document.documentElement.lang = chrome.i18n.getUILanguage();
  for (const element of document.querySelectorAll<HTMLElement>("[data-say]")) {
    element.textContent = say(element.dataset.say ?? "");
  }
}
