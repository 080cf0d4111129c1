// SPDX-License-Identifier: Apache-2.0
// What the person copies holds the values, not the placeholders: on a copy, and on a page's own button "copy". The page
// gets none of it: the event ends here, and the clipboard is written from this world.
import { placesIn, restored } from "../../shared/placeholders";
import { isFields } from "../../shared/protocol";
import { guard } from "../guard";
import { deepActive } from "../../ui/caret";
import { isTextControl } from "../target";
import { learn, valueOf } from "./values";

const escapeHtml = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

function htmlOf(selection: Selection): string {
  const holder = document.implementation.createHTMLDocument("").createElement("div");
  for (let i = 0; i < selection.rangeCount; i += 1) {
    holder.append(holder.ownerDocument.importNode(selection.getRangeAt(i).cloneContents(), true));
  }
  return holder.innerHTML;
}

// Only of text that the page shows: what is in an editor goes on its way to the site, and stays as it is.
export function onCopy(event: ClipboardEvent): void {
  const selection = document.getSelection();
  const active = deepActive();
  const from = selection?.anchorNode?.parentElement;
  const isEditing = from?.isContentEditable || (active !== null && isTextControl(active) && active.selectionStart !== active.selectionEnd);
  if (!event.isTrusted || guard().answers !== "restore" || isEditing || !selection) {
    return;
  }
  const text = restored(selection.toString(), valueOf);
  if (text === undefined) {
    return;
  }
  const html = restored(htmlOf(selection), valueOf, escapeHtml);
  event.clipboardData?.setData("text/plain", text);
  if (html !== undefined) {
    event.clipboardData?.setData("text/html", html);
  }
  event.preventDefault();
  event.stopImmediatePropagation();
}

interface Written {
  text: string;
  html: string;
}

function readWritten(body: string): Written | undefined {
  try {
    const written: unknown = JSON.parse(body);
    return isFields(written) && typeof written.text === "string" && typeof written.html === "string" ? { text: written.text, html: written.html } : undefined;
  } catch {
    return undefined;
  }
}

// A page writes into the clipboard. True when it was done here, with values in it.
export async function writeFor(body: string): Promise<boolean> {
  const written = guard().answers === "restore" ? readWritten(body) : undefined;
  if (!written) {
    return false;
  }
  await learn(placesIn(written.text).map(({ text }) => text));
  const text = restored(written.text, valueOf);
  if (text === undefined) {
    return false;
  }
  const types: Record<string, Blob> = { "text/plain": new Blob([text], { type: "text/plain" }) };
  if (written.html) {
    types["text/html"] = new Blob([restored(written.html, valueOf, escapeHtml) ?? written.html], { type: "text/html" });
  }
  await navigator.clipboard.write([new ClipboardItem(types)]);
  return true;
}
