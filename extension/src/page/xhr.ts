// SPDX-License-Identifier: Apache-2.0
// XMLHttpRequest: held in send(). A synchronous one cannot wait for an answer, so it is refused where there is one to wait for.
import { type Body, readBody } from "./body";
import { ask } from "./door";
import { asksFor } from "./fetch";
import * as native from "./natives";

interface State {
  method: string;
  address: string;
  isAsync: boolean;
  hasType: boolean;
  isPending: boolean;
  round: number; // another open() or abort() makes an answer stale
}

const states = new WeakMap<XMLHttpRequest, State>();

const { prototype } = XMLHttpRequest;
const { open, send, abort, setRequestHeader } = prototype;
const setHeader = native.unbound(setRequestHeader);
const abortNow = native.unbound(abort);

type Around = (self: XMLHttpRequest, list: unknown[], go: () => unknown) => unknown;

function wrap(name: "open" | "send" | "abort" | "setRequestHeader", around: Around): void {
  const methods = prototype as unknown as Record<string, object>;
  methods[name] = new Proxy(methods[name] as object, {
    __proto__: null,
    apply: (target: never, self: XMLHttpRequest, list: unknown[]) => around(self, list, () => native.apply(target, self, list)),
  } as never);
}

// Read once: what is opened is what is judged.
function onOpen(self: XMLHttpRequest, list: unknown[]): unknown {
  const method = native.upper(`${list[0] as string}`);
  const address = native.absolute(list[1]);
  const isAsync = list.length < 3 || Boolean(list[2]);
  const rest = list.length < 3 ? [method, address] : [method, address, isAsync, list[3], list[4]];
  const result = native.apply(open, self, rest as never) as unknown;
  const round = (native.mapGet(states, self)?.round ?? 0) + 1;
  native.mapSet(states, self, { method, address, isAsync, hasType: false, isPending: false, round });
  return result;
}

function onHeader(self: XMLHttpRequest, list: unknown[], go: () => unknown): unknown {
  const result = go();
  const state = native.mapGet(states, self);
  if (state && native.upper(`${list[0] as string}`) === "CONTENT-TYPE") {
    state.hasType = true;
  }
  return result;
}

function onAbort(self: XMLHttpRequest, _list: unknown[], go: () => unknown): unknown {
  const state = native.mapGet(states, self);
  if (state) {
    state.round += 1;
    state.isPending = false;
  }
  return go();
}

function finish(self: XMLHttpRequest, state: State, content: Body | undefined, isAllowed: boolean): void {
  state.isPending = false;
  if (!isAllowed) {
    abortNow(self);
    native.dispatch(self, new native.NativeEvent("error"));
    native.dispatch(self, new native.NativeEvent("loadend"));
    return;
  }
  if (content?.type && !state.hasType) {
    setHeader(self, "content-type", content.type);
  }
  native.apply(send, self, content ? [content.content] : []);
}

function onSend(self: XMLHttpRequest, list: unknown[], go: () => unknown): unknown {
  const state = native.mapGet(states, self);
  const body = list[0];
  if (!state || !asksFor(state.method, state.address)) {
    return go();
  }
  if (!state.isAsync) {
    throw new native.NativeException("Failed to execute 'send' on 'XMLHttpRequest'", "NetworkError");
  }
  if (state.isPending) {
    throw new native.NativeException("The object's state must be OPENED.", "InvalidStateError");
  }
  state.isPending = true;
  const { round, method, address } = state;
  const decide = (content: Body | undefined): void =>
    ask(address, method, content?.text ?? "", (isAllowed) => {
      if (state.round === round && native.mapGet(states, self) === state) {
        finish(self, state, content, isAllowed);
      }
    });
  if (body === undefined || body === null) {
    decide(undefined);
  } else {
    readBody(body, (content) => content && decide(content));
  }
  return undefined;
}

export function hookXhr(): void {
  wrap("open", onOpen);
  wrap("setRequestHeader", onHeader);
  wrap("abort", onAbort);
  wrap("send", onSend);
}
