// SPDX-License-Identifier: Apache-2.0
// Answers our script in the page's world: may this request go? The port is all that both share; the page never sees it.
import { kClipboard, kClipboardWrite, kDoorEvent, kHello, kKnockEvent, kVoice } from "../shared/door";
import { notify } from "../ui/notice";
import * as words from "../ui/words";
import { writeFor } from "./answers/copying";
import { askWorker } from "./guard";
import { type Held, judge, judgeRequest, report } from "./hold";
import type { Insertion } from "./insert";

const kPatience = 2000;
let isMet = false;

export function openDoor(isActive: () => boolean): void {
  if (!offer(isActive) && document.readyState === "loading") {
    waitForKnock(isActive);
    // Nobody there: what this page sends is only seen by the browser's own events.
    setTimeout(() => !isMet && isActive() && report("page_interfered"), kPatience);
  }
}

export function tellHooked(): void {
  if (isMet) {
    void askWorker({ type: "hooked" }).catch(() => undefined);
  }
}

let isVoiceNoted = false;
function noteVoice(): void {
  if (!isVoiceNoted) {
    isVoiceNoted = true;
    report("voice_unseen");
  }
}

// The page reads what a paste would have given it.
function judgeReading(text: string, answer: (isAllowed: boolean, text?: string) => void): void {
  const release = (what: Insertion): Promise<boolean> => (answer(true, what.text), Promise.resolve(true));
  const held: Held = { kind: "paste", text: text.toWellFormed(), release, replace: (what, _interaction, verdict) => (notify(words.redacted("paste", verdict)), release(what)) };
  const asked = text === "" ? release({ text }) : judge(held);
  asked.then((isReleased) => !isReleased && answer(false), () => answer(false));
}

// Until the parser adds anything, and with it a script of the page: a page that knocks is not answered.
function waitForKnock(isActive: () => boolean): void {
  const onKnock = (event: Event): void => {
    close();
    event.stopImmediatePropagation();
    offer(isActive);
  };
  const observer = new MutationObserver(() => close());
  const close = (): void => {
    observer.disconnect();
    window.removeEventListener(kKnockEvent, onKnock, true);
  };
  window.addEventListener(kKnockEvent, onKnock, true);
  observer.observe(document, { childList: true, subtree: true });
}

// True when our script took the port.
function offer(isActive: () => boolean): boolean {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = (event: MessageEvent<unknown>) => {
    const message = event.data;
    if (!Array.isArray(message)) {
      return;
    }
    if (message[0] === kHello) {
      isMet = true;
      tellHooked();
      return;
    }
    const [number, url, method, body] = message as unknown[];
    if (typeof number !== "number" || typeof url !== "string" || typeof method !== "string" || typeof body !== "string") {
      return;
    }
    const answer = (isAllowed: boolean, text?: string): void => port1.postMessage([number, isAllowed ? 1 : 0, text]);
    if (method === kClipboardWrite) {
      writeFor(body).then(answer, () => answer(false));
    } else if (!isActive()) {
      answer(true);
    } else if (method === kVoice) {
      noteVoice();
    } else if (method === kClipboard) {
      judgeReading(body, answer);
    } else {
      judgeRequest({ url, method, body }).then(answer, () => answer(false));
    }
  };
  return !window.dispatchEvent(new MessageEvent(kDoorEvent, { ports: [port2], cancelable: true }));
}
