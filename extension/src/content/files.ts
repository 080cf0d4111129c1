// SPDX-License-Identifier: Apache-2.0
// Files that the person chooses, drops or pastes: held until the agent has seen them, then given to the page the way they came.
import { notify } from "../ui/notice";
import * as words from "../ui/words";
import { isGecko, pageWindow } from "./gecko";
import { outcomeOf } from "./guard";
import { carry, type Held, judge, report } from "./hold";
import { pasteEvent } from "./insert";
import { sendFile } from "./send_file";
import type { Carried } from "./transfer";
import type { Taken } from "../shared/messages";

const kFilesLimit = 50;

// True when it may go.
async function fileMayGo(file: File): Promise<boolean> {
  const release = async (_what: unknown, interaction: string): Promise<boolean> => (report("inserted", interaction), true);
  const held: Held = { kind: "upload", text: "", subject: file.name, release };
  return carry(held, () => sendFile(file, (message, limit) => outcomeOf<Taken>(message, limit)));
}

// Those that may go, each judged by itself.
async function allowed(files: readonly File[]): Promise<File[]> {
  if (files.length > kFilesLimit) {
    notify(words.tooManyFiles());
    return [];
  }
  const kept: File[] = [];
  for (const file of files) {
    if (await fileMayGo(file)) {
      kept.push(file);
    }
  }
  return kept;
}

function transferOf(files: readonly File[]): DataTransfer {
  const transfer = isGecko ? new (pageWindow().DataTransfer)() : new DataTransfer();
  files.forEach((file) => transfer.items.add(file));
  return transfer;
}

const held = new WeakSet<HTMLInputElement>();

export function fileInputOf(event: Event): HTMLInputElement | undefined {
  const [first] = event.composedPath();
  return first instanceof HTMLInputElement && first.type === "file" ? first : undefined;
}

// True when the event is ours to stop. The first of `input` and `change` empties the field; the second finds it held.
export function takeChoice(input: HTMLInputElement, hold: (work: Promise<void>) => void): boolean {
  if (held.has(input)) {
    return true;
  }
  const files = [...(input.files ?? [])];
  if (files.length === 0) {
    return false;
  }
  held.add(input);
  input.value = "";
  hold(
    allowed(files)
      .then((kept) => kept.length > 0 && choose(input, kept))
      .then(() => undefined)
      .finally(() => held.delete(input)),
  );
  return true;
}

function choose(input: HTMLInputElement, files: readonly File[]): void {
  input.files = transferOf(files).files;
  for (const type of ["input", "change"]) {
    input.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
  }
}

export function hasFolder(transfer: DataTransfer | null): boolean {
  return [...(transfer?.items ?? [])].some((item) => item.kind === "file" && item.webkitGetAsEntry?.()?.isDirectory);
}

// A drop that carries text beside its files gives the page the files alone, when the text may go.
async function beside(carried: Carried): Promise<boolean> {
  return !carried.text || judge({ kind: "drop", text: carried.text, release: () => Promise.resolve(true) });
}

export async function dropFiles(element: Element, event: DragEvent, files: readonly File[], carried: Carried): Promise<void> {
  const { clientX, clientY, screenX, screenY } = event;
  if (!(await beside(carried))) {
    return;
  }
  const kept = await allowed(files);
  if (kept.length > 0) {
    const init = { bubbles: true, cancelable: true, composed: true, clientX, clientY, screenX, screenY, dataTransfer: transferOf(kept) };
    const drop = isGecko ? new (pageWindow().DragEvent)("drop", cloneInto(init, window, { wrapReflectors: true })) : new DragEvent("drop", init);
    if (element.dispatchEvent(drop)) {
      notify(words.filesNotTaken());
    }
  }
}

export async function pasteFiles(element: Element, files: readonly File[]): Promise<void> {
  const kept = await allowed(files);
  if (kept.length > 0 && element.dispatchEvent(pasteEvent({ text: "", files: kept }))) {
    notify(words.filesNotTaken());
  }
}
