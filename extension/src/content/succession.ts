// SPDX-License-Identifier: Apache-2.0
// An extension that is renewed leaves its scripts in open pages, cut off from it. Ours stays at its place, before every listener of
// the page, and the fresh script that the renewed extension puts in becomes its messenger. The two know each other by a word that
// only the worker could tell the fresh one: it names this document, and is said once. Where the old script is gone as well (Firefox),
// the fresh one starts by itself.
import { isFields } from "../shared/protocol";

const kSuccessorEvent = "gatehouse:successor";
const kPatience = 3000;

type Heard = (message: unknown) => void;

const waiting = new Map<number, (answer: unknown) => void>();
let count = 0;
let word = "";
let messenger: MessagePort | undefined;
let arrived: (() => void) | undefined;
const arrival = new Promise<void>((resolve) => (arrived = resolve));

export const isCutOff = (): boolean => !chrome.runtime?.id;

// From the worker again, by a messenger; false when none comes.
async function hasMessenger(): Promise<boolean> {
  if (!messenger) {
    await Promise.race([arrival, new Promise((resolve) => setTimeout(resolve, kPatience))]);
  }
  return messenger !== undefined;
}

export async function askByMessenger(message: unknown): Promise<{ answer: unknown } | undefined> {
  if (!(await hasMessenger())) {
    return undefined;
  }
  const number = ++count;
  return new Promise((resolve) => {
    waiting.set(number, (answer) => resolve({ answer }));
    messenger?.postMessage([number, message]);
  });
}

// The old script's side. `tell` leaves the word with the worker; `heard` gets what the worker says to this page; `resume` is called
// when the worker can be reached again.
export function awaitSuccessor(tell: (word: string) => void, heard: Heard, resume: () => void): void {
  const leave = (): void => {
    word = crypto.randomUUID();
    tell(word);
  };
  leave();
  window.addEventListener(
    kSuccessorEvent,
    (event: Event) => {
      const port = event instanceof MessageEvent && event.data === word && isCutOff() ? event.ports[0] : undefined;
      if (!port) {
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      messenger = port;
      port.onmessage = ({ data }: MessageEvent<readonly [number, unknown]>) => {
        const [number, answer] = data;
        if (number === 0) {
          heard(answer);
        } else {
          waiting.get(number)?.(answer);
          waiting.delete(number);
        }
      };
      arrived?.();
      leave(); // for the next one
      resume();
    },
    true,
  );
}

// The fresh script's side: true when an old one took it as its messenger.
export async function serveOldScript(): Promise<boolean> {
  const told = await chrome.runtime.sendMessage({ type: "succeed" }).catch(() => undefined) as unknown;
  if (typeof told !== "string") {
    return false;
  }
  const { port1, port2 } = new MessageChannel();
  const isTaken = !window.dispatchEvent(new MessageEvent(kSuccessorEvent, { data: told, ports: [port2], cancelable: true }));
  if (isTaken) {
    port1.onmessage = ({ data: [number, message] }: MessageEvent<readonly [number, unknown]>) =>
      void chrome.runtime.sendMessage(message).then(
        (answer: unknown) => port1.postMessage([number, answer]),
        () => port1.postMessage([number, undefined]),
      );
    chrome.runtime.onMessage.addListener((message: unknown) => void (isFields(message) && port1.postMessage([0, message])));
  }
  return isTaken;
}
