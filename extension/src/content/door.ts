// SPDX-License-Identifier: Apache-2.0
// Answers our script in the page's world: may this request go? The port is all that both share; the page never sees it.
import { kDoorEvent, kHello, kKnockEvent } from "../shared/door";
import { askWorker } from "./guard";
import { judgeRequest } from "./hold";

export function openDoor(isActive: () => boolean): void {
  if (!offer(isActive) && document.readyState === "loading") {
    waitForKnock(isActive);
  }
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
      void askWorker({ type: "hooked" }).catch(() => undefined);
      return;
    }
    const [number, url, method, body] = message as unknown[];
    if (typeof number !== "number" || typeof url !== "string" || typeof method !== "string" || typeof body !== "string") {
      return;
    }
    const answer = (isAllowed: boolean): void => port1.postMessage([number, isAllowed ? 1 : 0]);
    if (isActive()) {
      judgeRequest({ url, method, body }).then(answer, () => answer(false));
    } else {
      answer(true);
    }
  };
  return !window.dispatchEvent(new MessageEvent(kDoorEvent, { ports: [port2], cancelable: true }));
}
