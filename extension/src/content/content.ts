// SPDX-License-Identifier: Apache-2.0
// Runs in every frame of a listed site before the page's own scripts, in a world of its own. Listens first, at the window,
// and only to what the person did (isTrusted): our own insertion comes back through the same events.
import { isFields } from "../shared/protocol";
import { isOurs, shield } from "../ui/shield";
import { guard, refreshGuard } from "./guard";
import { type Held, judge } from "./hold";
import { targetAtPoint, targetOf } from "./target";
import { readTransfer } from "./transfer";

let waiting = 0;
// What the person drags out of this page. Compared with what is dropped, because a page may give a drag up or take its
// source away, and then nobody tells its end.
let ownDrag: string | undefined;

function stop(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

async function hold(held: Held): Promise<void> {
  waiting += 1;
  try {
    await judge(held);
  } finally {
    waiting -= 1;
  }
}

function onPaste(event: ClipboardEvent): void {
  if (!event.isTrusted || isOurs(event) || !guard().isGuarded) {
    return;
  }
  const carried = readTransfer(event.clipboardData);
  if (carried.text) {
    stop(event);
    void hold({ kind: "paste", target: targetOf(event), carried });
  }
}

const dragged = (transfer: DataTransfer | null): string => readTransfer(transfer).text.replace(/\r/g, "");

function onDragStart(event: DragEvent): void {
  ownDrag = event.isTrusted ? dragged(event.dataTransfer) : undefined;
}

function onDrop(event: DragEvent): void {
  const isOwn = ownDrag !== undefined && dragged(event.dataTransfer) === ownDrag;
  if (!event.isTrusted || isOwn || !guard().isGuarded) {
    return;
  }
  const carried = readTransfer(event.dataTransfer);
  if (carried.text && !carried.isFiles) {
    stop(event);
    void hold({ kind: "drop", target: targetAtPoint(event), carried });
  }
}

// Enter would send the message without the text that is still being looked at.
function onKey(event: KeyboardEvent): void {
  if (waiting > 0 && event.isTrusted && event.key === "Enter" && !event.isComposing && !isOurs(event)) {
    stop(event);
  }
}

function start(): void {
  shield();
  window.addEventListener("paste", onPaste, true);
  window.addEventListener("drop", onDrop, true);
  window.addEventListener("keydown", onKey, true);
  window.addEventListener("dragstart", onDragStart); // behind the page's own listeners, which may still set the data
  window.addEventListener("dragend", () => (ownDrag = undefined), true);
  chrome.runtime.onMessage.addListener((message: unknown) => {
    if (isFields(message) && message.type === "guard_changed") {
      void refreshGuard();
    }
  });
  void refreshGuard();
}

// Put in twice when the extension is installed while tabs are open.
const marks = globalThis as { isGatehouseHere?: boolean };
if (!marks.isGatehouseHere) {
  marks.isGatehouseHere = true;
  start();
}
