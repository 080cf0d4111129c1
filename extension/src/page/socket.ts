// SPDX-License-Identifier: Apache-2.0
// WebSocket and RTCDataChannel: each message waits for its answer, in order; so does close(), behind what was sent before.
import { ask } from "./door";
import * as native from "./natives";

interface Entry {
  run: () => void;
  isReady: boolean;
  isRefused: boolean;
  next: Entry | undefined;
}
interface Queue {
  head: Entry | undefined;
  tail: Entry | undefined;
}

const readBlob = native.unbound(Blob.prototype.arrayBuffer);

function drain(queue: Queue): void {
  while (queue.head?.isReady) {
    const entry = queue.head;
    queue.head = entry.next;
    if (!entry.isRefused) {
      try {
        entry.run();
      } catch {
        // closed meanwhile: what was sent is lost, as it would have been
      }
    }
  }
}

function append(queue: Queue, run: () => void): Entry {
  const entry: Entry = { run, isReady: false, isRefused: false, next: undefined };
  if (queue.head && queue.tail) {
    queue.tail.next = entry;
  } else {
    queue.head = entry;
  }
  queue.tail = entry;
  return entry;
}

type Channel = WebSocket | RTCDataChannel;

function hook(prototype: { send: (data: never) => void; close: (...rest: never[]) => void }, addressOf: (channel: Channel) => string): void {
  const queues = new WeakMap<Channel, Queue>();
  const { send, close } = prototype;
  const queueOf = (channel: Channel): Queue => {
    const known = native.mapGet(queues, channel);
    const queue = known ?? { head: undefined, tail: undefined };
    if (!known) {
      native.mapSet(queues, channel, queue);
    }
    return queue;
  };
  const hold = (channel: Channel, data: string | ArrayBuffer | Blob): void => {
    const queue = queueOf(channel);
    let content: string | ArrayBuffer;
    const entry = append(queue, () => native.apply(send, channel, [content] as never));
    const settle = (isAllowed: boolean): void => {
      entry.isReady = true;
      entry.isRefused = !isAllowed;
      drain(queue);
    };
    const decide = (read: string | ArrayBuffer): void => {
      content = read;
      ask(addressOf(channel), "WEBSOCKET", typeof read === "string" ? read : native.textOfBuffer(read), settle);
    };
    if (data instanceof native.NativeBlob) {
      native.then(readBlob(data), decide, () => settle(false));
    } else {
      decide(data);
    }
  };
  prototype.send = new Proxy(send, {
    __proto__: null,
    apply: (_target: unknown, channel: Channel, list: unknown[]) => {
      const data = list[0];
      if (data instanceof native.NativeBlob) {
        hold(channel, data);
      } else if (native.isView(data) || data instanceof ArrayBuffer) {
        hold(channel, native.copyOf(data as ArrayBuffer));
      } else {
        hold(channel, `${data as string}`);
      }
    },
  } as never);
  prototype.close = new Proxy(close, {
    __proto__: null,
    apply: (target: never, channel: Channel, list: unknown[]) => {
      const queue = native.mapGet(queues, channel);
      if (!queue?.head) {
        return native.apply(target, channel, list);
      }
      append(queue, () => native.apply(target, channel, list)).isReady = true;
      return undefined;
    },
  } as never);
}

export function hookSockets(): void {
  const addressOf = Object.getOwnPropertyDescriptor(WebSocket.prototype, "url")?.get;
  const read = native.unbound(addressOf as (this: Channel) => string);
  hook(WebSocket.prototype, read);
  if (typeof RTCDataChannel === "function") {
    hook(RTCDataChannel.prototype, () => native.absolute("/"));
  }
}
