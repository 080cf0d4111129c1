// SPDX-License-Identifier: Apache-2.0
// Where people write in a page and what sends it. The site's own selectors first (sites/); where they find nothing, because
// the site changed or is not ours to know, what looks like an editor or a button that sends.
import { matchesPath } from "../shared/site_match";
import { guard } from "./guard";
import { isTextControl } from "./target";

// On a host that does more than this, only there.
export function isSitesPlace(): boolean {
  const paths = guard().site?.paths;
  return !paths || matchesPath(paths, location.pathname);
}

// A selector may be unknown (empty), or one that this browser does not understand.
function matches(element: Element, selector: string | undefined): boolean {
  try {
    return Boolean(selector) && element.matches(selector as string);
  } catch {
    return false;
  }
}

function all(selector: string | undefined): HTMLElement[] {
  try {
    return selector ? [...document.querySelectorAll<HTMLElement>(selector)] : [];
  } catch {
    return [];
  }
}

function elementsOf(event: Event): HTMLElement[] {
  return event.composedPath().filter((node): node is HTMLElement => node instanceof HTMLElement);
}

const isComposer = (element: Element): boolean => matches(element, guard().site?.composer);

// The whole editor around an element: a text field, or the outermost part of the page that can be edited.
function editorAround(element: HTMLElement): HTMLElement | undefined {
  if (isTextControl(element)) {
    // One-line fields hold names and addresses of all kinds; only the site's own composer is one that sends to a model.
    return element.localName === "textarea" || isComposer(element) ? element : undefined;
  }
  let editor: HTMLElement | undefined;
  for (let each: HTMLElement | null = element; each; each = each.parentElement) {
    if (each.isContentEditable) {
      editor = each;
    }
  }
  return editor;
}

let last: WeakRef<HTMLElement> | undefined;

export function editorOf(event: Event): HTMLElement | undefined {
  const first = elementsOf(event)[0];
  const editor = first && editorAround(first);
  if (editor) {
    last = new WeakRef(editor);
  }
  return editor;
}

export function textOf(editor: HTMLElement): string {
  return (isTextControl(editor) ? editor.value : editor.innerText).toWellFormed();
}

const kSends = /\b(send|submit)\b/i;

function looksLikeSending(button: HTMLElement): boolean {
  const names = ["aria-label", "title", "data-testid", "name", "id", "value"].map((name) => button.getAttribute(name) ?? "");
  return kSends.test([...names, button.innerText].join(" ").replace(/[-_]/g, " "));
}

// The button under a click that sends what people wrote.
export function senderOf(event: Event): HTMLElement | undefined {
  const path = elementsOf(event);
  const named = path.find((element) => matches(element, guard().site?.send));
  if (named) {
    return named;
  }
  const button = path.find((element) => element.matches("button, [role=button], input[type=submit], input[type=button], input[type=image]"));
  return button && looksLikeSending(button) ? button : undefined;
}

const editorsIn = (root: ParentNode): HTMLElement[] =>
  [...root.querySelectorAll<HTMLElement>("textarea, [contenteditable]")].map((each) => editorAround(each)).filter((each) => each !== undefined);

// What a button may send: the editors of its form; else the site's composers; else the editor that was written in last.
export function editorsFor(button: HTMLElement): HTMLElement[] {
  const form = button.closest("form");
  const composers = all(guard().site?.composer);
  const recent = last?.deref();
  const lists = [form ? editorsIn(form) : [], composers, recent?.isConnected ? [recent] : [], editorsIn(document)];
  const written = lists.map((list) => [...new Set(list)].filter((each) => textOf(each).trim() !== ""));
  return written.find((list) => list.length > 0) ?? [];
}

export function editorsOfForm(form: HTMLFormElement): HTMLElement[] {
  const lines = [...form.querySelectorAll<HTMLElement>("input")].filter(isComposer);
  return [...new Set([...editorsIn(form), ...lines])].filter((each) => textOf(each).trim() !== "");
}
