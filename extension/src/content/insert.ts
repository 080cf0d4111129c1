// SPDX-License-Identifier: Apache-2.0
// Puts text into whatever editor the page has, as a paste. One way fits all that were measured (ProseMirror, TipTap, Quill,
// Lexical, Slate, CodeMirror, plain fields): a synthetic paste; where nobody takes it, a synthetic beforeinput; and last the
// browser's own editing. The next is tried only when the one before was not taken, so that nothing is inserted twice.
import { isGecko, pageWindow } from "./gecko";
import { isTextControl, returnTo, type Target } from "./target";

export interface Insertion {
  text: string;
  html?: string;
  files?: readonly File[];
}

const kFlags = { bubbles: true, cancelable: true, composed: true };

function fill(transfer: DataTransfer, what: Insertion): void {
  if (what.text) {
    transfer.setData("text/plain", what.text);
  }
  if (what.html) {
    transfer.setData("text/html", what.html);
  }
  what.files?.forEach((file) => transfer.items.add(file));
}

export function pasteEvent(what: Insertion): ClipboardEvent {
  if (isGecko) {
    const page = pageWindow();
    const event = new page.ClipboardEvent("paste", cloneInto({ ...kFlags, dataType: "text/plain", data: "" }, window));
    if (event.clipboardData) {
      fill(event.clipboardData, what);
    }
    return event;
  }
  const transfer = new DataTransfer();
  fill(transfer, what);
  return new ClipboardEvent("paste", { ...kFlags, clipboardData: transfer });
}

function beforeInputEvent(what: Insertion): InputEvent {
  if (isGecko) {
    const page = pageWindow();
    const dataTransfer = new page.DataTransfer();
    fill(dataTransfer, what);
    return new page.InputEvent("beforeinput", cloneInto({ ...kFlags, inputType: "insertFromPaste", dataTransfer }, window, { wrapReflectors: true }));
  }
  const dataTransfer = new DataTransfer();
  fill(dataTransfer, what);
  return new InputEvent("beforeinput", { ...kFlags, inputType: "insertFromPaste", dataTransfer });
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

// insertText takes time that grows with the square of the lines in Chromium: fine for few, a freeze for thousands.
const kFewLines = 50;

function edit(command: "insertText" | "insertHTML", value: string): boolean {
  return document.execCommand(command, false, value);
}

function typeInto(element: HTMLElement, text: string): boolean {
  if (!isTextControl(element)) {
    const isShort = isGecko || text.split("\n").length <= kFewLines;
    return isShort ? edit("insertText", text) : edit("insertHTML", escapeHtml(text).replace(/\n/g, "<br>"));
  }
  if (element.localName === "input") {
    return edit("insertText", text.replace(/[\r\n]+/g, " "));
  }
  return isGecko ? edit("insertText", text) : typeIntoTextArea(element as HTMLTextAreaElement, text);
}

function typeIntoTextArea(area: HTMLTextAreaElement, text: string): boolean {
  const plain = text.replace(/\r\n?/g, "\n");
  const before = area.value;
  const [begin, end] = [area.selectionStart, area.selectionEnd];
  edit("insertHTML", escapeHtml(plain)); // in a textarea this is fast and exact, and one step of undo
  if (area.value === before.slice(0, begin) + plain + before.slice(end)) {
    return true;
  }
  if (area.value !== before) {
    document.execCommand("undo");
  }
  area.setRangeText(plain, begin, end, "end");
  area.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste", bubbles: true, composed: true }));
  return true;
}

// Slate takes both, and only at a beforeinput does it look where the selection is now.
function eventsFor(element: HTMLElement): ((what: Insertion) => Event)[] {
  const both = [pasteEvent, beforeInputEvent];
  return element.closest("[data-slate-editor]") ? both.reverse() : both;
}

// False when the editor is gone or nobody took the text.
export function insert(target: Target, what: Insertion, isPoint = false): boolean {
  if (!what.text || !returnTo(target, isPoint)) {
    return false;
  }
  const { element } = target;
  if (isTextControl(element)) {
    return typeInto(element, what.text);
  }
  for (const make of eventsFor(element)) {
    const event = make(what);
    element.dispatchEvent(event);
    if (event.defaultPrevented) {
      return true;
    }
  }
  return typeInto(element, what.text);
}

// What Enter does where no script wants it.
export function newLine(element: HTMLElement): void {
  if (element.localName === "textarea") {
    edit("insertText", "\n");
  } else if (element.isContentEditable) {
    document.execCommand("insertParagraph");
  }
}

// Whether the editor shows the text: its first words or its last, because editors change blanks and line ends, and some show
// only the lines around the caret.
export function shows(target: Target, text: string): boolean {
  const { element } = target;
  const host = element.closest<HTMLElement>("[contenteditable]") ?? element;
  const flat = (value: string): string => value.replace(/\s+/g, "");
  const content = flat(isTextControl(element) ? element.value : (host.isConnected ? host : document.body).innerText);
  const wanted = flat(text);
  return content.includes(wanted.slice(0, 40)) || content.includes(wanted.slice(-40));
}
