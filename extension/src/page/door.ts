// SPDX-License-Identifier: Apache-2.0
// The way from the page's world to the content script. What waits for an answer waits for ever when nobody is there.
import { kDoorEvent, kHello, kKnockEvent } from "../shared/door";
import { dispatch, messageData, messagePorts, unbound } from "./natives";

type Done = (isAllowed: boolean, text: string | undefined) => void;

const postTo = unbound(MessagePort.prototype.postMessage) as (port: MessagePort, message: unknown) => void;
const listenTo = unbound(EventTarget.prototype.addEventListener) as (target: EventTarget, type: string, listener: (event: never) => void, capture?: boolean) => void;
const unlisten = unbound(EventTarget.prototype.removeEventListener) as (target: EventTarget, type: string, listener: (event: never) => void, capture?: boolean) => void;
const start = unbound(MessagePort.prototype.start);
const stop = unbound(Event.prototype.stopImmediatePropagation);
const cancel = unbound(Event.prototype.preventDefault);

const waiting = { __proto__: null } as unknown as Record<number, Done | undefined>;
const early = { __proto__: null } as unknown as Record<number, unknown>; // asked before the port came
let port: MessagePort | undefined;
let count = 0;

export const isOpen = (): boolean => port !== undefined;

export function ask(address: string, method: string, body: string, done: Done): void {
  count += 1;
  waiting[count] = done;
  const question = [count, address, method, body];
  if (port) {
    postTo(port, question);
  } else {
    early[count] = question;
  }
}

function onAnswer(event: MessageEvent): void {
  const answer = messageData(event) as readonly [number, number, string?];
  const done = waiting[answer[0]];
  waiting[answer[0]] = undefined;
  done?.(answer[1] === 1, answer[2]);
}

function onDoor(event: MessageEvent): void {
  unlisten(window, kDoorEvent, onDoor, true);
  stop(event);
  cancel(event);
  port = messagePorts(event)[0];
  if (!port) {
    return;
  }
  listenTo(port, "message", onAnswer);
  start(port);
  postTo(port, [kHello]);
  for (let i = 1; i <= count; i += 1) {
    postTo(port, early[i]);
    early[i] = undefined;
  }
}

export function waitForDoor(): void {
  listenTo(window, kDoorEvent, onDoor, true);
  dispatch(window, new Event(kKnockEvent));
}
