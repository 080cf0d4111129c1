// SPDX-License-Identifier: Apache-2.0
// Runs in every frame of a listed site before the page's own scripts, in a world of its own. Listens first, at the window,
// and only to what the person did (isTrusted): our own insertion comes back through the same events.
import { isFields } from "../shared/protocol";
import { takeWords } from "../shared/say";
import { notify } from "../ui/notice";
import { isOurs, shield } from "../ui/shield";
import * as words from "../ui/words";
import { closed } from "./closed";
import { onCopy } from "./answers/copying";
import { watchAnswers } from "./answers/watcher";
import { editorOf, editorsFor, editorsOfForm, isSitesPlace, senderOf, textOf } from "./composer";
import { openDoor, tellHooked } from "./door";
import { dropFiles, fileInputOf, hasFolder, pasteFiles, takeChoice } from "./files";
import { isKnownPaste, takeClip, tellFocus } from "./fast";
import { isGecko } from "./gecko";
import { askWorker, guard, refreshGuard } from "./guard";
import { judge, judgeRequest, report } from "./hold";
import { heldFor, isSettling } from "./put";
import { forgetAll, isKnown } from "./seen";
import { type Chord, mayGo, pressEnter } from "./submit";
import { awaitSuccessor, serveOldScript } from "./succession";
import { targetAtPoint, targetOf } from "./target";
import { type Carried, readTransfer } from "./transfer";

let waiting = 0;
// What the person drags out of this page. Compared with what is dropped, because a page may give a drag up or take its
// source away, and then nobody tells its end.
let ownDrag: string | undefined;

function stop(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

const isActive = (): boolean => guard().isGuarded && isSitesPlace();

async function hold<Result>(work: Promise<Result>): Promise<Result> {
  waiting += 1;
  let isDone = false;
  try {
    const result = await work;
    isDone = (result as unknown) === true;
    return result;
  } finally {
    waiting -= 1;
    if (waiting === 0) {
      const go = isDone ? early : undefined;
      early = undefined;
      go?.();
    }
  }
}

function onPaste(event: ClipboardEvent): void {
  if (!event.isTrusted || isOurs(event) || !isActive()) {
    return;
  }
  const carried = readTransfer(event.clipboardData);
  if (carried.text && isKnownPaste(carried)) {
    void note(carried);
  } else if (carried.text) {
    stop(event);
    void hold(judge(heldFor("paste", targetOf(event), carried)));
  } else if (carried.files.length > 0) {
    stop(event);
    void hold(pasteFiles(targetOf(event).element, carried.files));
  }
}

// A paste that passed untouched is asked about like every other: that makes its record, and only then may its text leave
// without another question.
function note({ text, html }: Carried): Promise<boolean> {
  return judge({ kind: "paste", text, ...(html ? { html } : {}), release: async (_what, interaction) => (report("inserted", interaction), true), replace: () => Promise.resolve(false) });
}

const dragged = (transfer: DataTransfer | null): string => readTransfer(transfer).text.replace(/\r/g, "");

function onDragStart(event: DragEvent): void {
  ownDrag = event.isTrusted ? dragged(event.dataTransfer) : undefined;
}

function onDrop(event: DragEvent): void {
  const isOwn = ownDrag !== undefined && dragged(event.dataTransfer) === ownDrag;
  if (!event.isTrusted || isOwn || !isActive()) {
    return;
  }
  const carried = readTransfer(event.dataTransfer);
  if (hasFolder(event.dataTransfer)) {
    stop(event);
    notify(words.folders());
  } else if (carried.files.length > 0) {
    stop(event);
    void hold(dropFiles(targetOf(event).element, event, carried.files, carried));
  } else if (carried.text) {
    stop(event);
    void hold(judge(heldFor("drop", targetAtPoint(event), carried)));
  }
}

function onChoice(event: Event): void {
  const input = event.isTrusted && isActive() ? fileInputOf(event) : undefined;
  if (input && takeChoice(input, (work) => void hold(work))) {
    stop(event);
  }
}

const isNew = (editors: readonly HTMLElement[]): boolean => editors.some((each) => !isKnown(textOf(each)));

let isEnterHeld = false;
// An Enter that came while an editor was about to show what was put into it.
let early: (() => void) | undefined;

function submit(editor: HTMLElement, element: HTMLElement, chord: Chord): void {
  void hold(mayGo([editor])).then((isFree) => isFree && pressEnter(element, chord));
}

// While something is looked at, Enter would send the message without it.
function onKey(event: KeyboardEvent): void {
  if (!event.isTrusted || event.key !== "Enter" || event.isComposing || isOurs(event) || !isActive()) {
    return;
  }
  const editor = event.shiftKey || event.altKey ? undefined : editorOf(event);
  if (waiting === 0 && !(editor && isNew([editor]))) {
    return;
  }
  stop(event);
  isEnterHeld = true;
  if (editor && (waiting === 0 || isSettling())) {
    const [target] = event.composedPath();
    const element = target instanceof HTMLElement ? target : editor;
    const { ctrlKey, metaKey } = event;
    const go = (): void => submit(editor, element, { ctrlKey, metaKey });
    if (waiting === 0) {
      go();
    } else {
      early = go;
    }
  }
}

// Some pages send when the key comes up.
function onKeyUp(event: KeyboardEvent): void {
  if (event.isTrusted && event.key === "Enter" && isEnterHeld) {
    isEnterHeld = false;
    stop(event);
  }
}

function onClick(event: MouseEvent): void {
  const button = event.isTrusted && !isOurs(event) && isActive() ? senderOf(event) : undefined;
  const editors = button ? editorsFor(button) : [];
  if (button && (waiting > 0 || isNew(editors))) {
    stop(event);
    if (waiting === 0) {
      void hold(mayGo(editors)).then((isFree) => isFree && button.click());
    }
  }
}

// A button that sends when it goes down, or comes up, must not do so before its click is let go.
function onPress(event: MouseEvent): void {
  const button = event.isTrusted && !isOurs(event) && isActive() ? senderOf(event) : undefined;
  if (button && (waiting > 0 || isNew(editorsFor(button)))) {
    event.stopImmediatePropagation();
  }
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target;
  if (!event.isTrusted || !(form instanceof HTMLFormElement) || !isActive()) {
    return;
  }
  const editors = editorsOfForm(form);
  if (isNew(editors)) {
    stop(event);
    const { submitter } = event;
    void hold(mayGo(editors)).then((isFree) => isFree && form.requestSubmit(submitter?.isConnected ? submitter : null));
  }
}

type Field = readonly [string, FormDataEntryValue];

// A form that takes its fields along to another page.
function onLeaving(event: SubmitEvent): void {
  const form = event.target;
  if (event.defaultPrevented || !event.isTrusted || !(form instanceof HTMLFormElement) || !isActive() || form.method !== "post") {
    return;
  }
  stop(event);
  const { submitter } = event;
  const fields: Field[] = [];
  new FormData(form, submitter).forEach((value, name) => fields.push([name, value])); // Firefox cannot iterate over it from here
  const values = (name: string): string[] => fields.filter((field) => field[0] === name).map(([, value]) => (typeof value === "string" ? value : value.name));
  const body = JSON.stringify(Object.fromEntries([...new Set(fields.map(([name]) => name))].map((name) => [name, values(name)])));
  const action = (submitter?.getAttribute("formaction") && (submitter as HTMLButtonElement).formAction) || form.action;
  void judgeRequest({ url: action, method: "POST", body }).then((isAllowed) => isAllowed && leave(form, fields, action));
}

// As it was asked about: the page cannot change it any more.
function leave(form: HTMLFormElement, fields: readonly Field[], action: string): void {
  const copy = document.createElement("form");
  Object.assign(copy, { method: "post", action, enctype: form.enctype, target: form.target, hidden: true });
  for (const [name, value] of fields) {
    const input = Object.assign(document.createElement("input"), { type: typeof value === "string" ? "hidden" : "file", name });
    if (typeof value === "string") {
      input.value = value;
    } else {
      const transfer = new DataTransfer();
      transfer.items.add(value);
      input.files = transfer.files;
    }
    copy.append(input);
  }
  document.documentElement.append(copy);
  HTMLFormElement.prototype.submit.call(copy);
  copy.remove();
}

async function learnGuard(): Promise<void> {
  await refreshGuard();
  watchAnswers(isActive());
  tellFocus(isActive());
}

function onWord(message: unknown): void {
  if (isFields(message) && message.type === "guard_changed") {
    forgetAll(); // another policy may say otherwise
    void learnGuard();
  } else if (isFields(message) && message.type === "clip") {
    takeClip(message);
  } else if (isFields(message) && message.type === "unlisted" && window === window.top) {
    notify(words.unlisted(message.isBlocked === true));
  }
}

// The extension was renewed: its worker knows nothing of this page yet.
function resume(): void {
  tellHooked();
  void askWorker({ type: "words" }).then(takeWords, () => undefined);
  void learnGuard();
}

function start(): void {
  words.keepForLater();
  openDoor(isActive);
  shield();
  window.addEventListener("paste", closed("paste", onPaste), true);
  window.addEventListener("drop", closed("drop", onDrop), true);
  window.addEventListener("keydown", closed("submit", onKey), true);
  window.addEventListener("paste", onPaste, true);
  window.addEventListener("copy", onCopy, true);
  window.addEventListener("drop", onDrop, true);
  window.addEventListener("keydown", onKey, true);
  window.addEventListener("keyup", onKeyUp, true);
  window.addEventListener("click", closed("submit", onClick), true);
  for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup"] as const) {
    window.addEventListener(type, onPress, true);
  }
  window.addEventListener("submit", closed("submit", onSubmit), true);
  window.addEventListener("submit", closed("network", onLeaving)); // behind the page's own listeners, which may not want it at all
  window.addEventListener("focusin", editorOf, true);
  window.addEventListener("input", closed("upload", onChoice), true);
  window.addEventListener("change", closed("upload", onChoice), true);
  window.addEventListener("input", onChoice, true);
  window.addEventListener("change", onChoice, true);
  for (const type of ["focus", "blur"]) {
    window.addEventListener(type, (event) => event.target === window && tellFocus(isActive()), true);
  }
  window.addEventListener("dragstart", onDragStart); // behind the page's own listeners, which may still set the data
  window.addEventListener("dragend", () => (ownDrag = undefined), true);
  chrome.runtime.onMessage.addListener((message: unknown) => onWord(message));
  awaitSuccessor((word) => void askWorker({ type: "here", word }).catch(() => undefined), onWord, resume);
  void learnGuard();
}

// Put in twice when the extension is installed while tabs are open.
const marks = globalThis as { isGatehouseHere?: boolean };
if (!marks.isGatehouseHere) {
  marks.isGatehouseHere = true;
  if (isGecko || document.readyState === "loading") {
    start();
  } else {
    const early: unknown[] = []; // said to this page before it is known who hears it
    const keep = (message: unknown): void => void early.push(message);
    chrome.runtime.onMessage.addListener(keep);
    void serveOldScript().then((isServing) => {
      chrome.runtime.onMessage.removeListener(keep);
      if (!isServing) {
        start();
        early.forEach(onWord);
      }
    });
  }
}
