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

export function hookXhr(): void {
  const { prototype } = XMLHttpRequest;
  const { open, send, abort, setRequestHeader } = prototype;
  const setHeader = native.unbound(setRequestHeader);
  const abortNow = native.unbound(abort);

  const wrap = <Name extends "open" | "send" | "abort" | "setRequestHeader">(name: Name, around: (self: XMLHttpRequest, list: unknown[], go: () => unknown) => unknown): void => {
    prototype[name] = new Proxy(prototype[name], {
      __proto__: null,
      apply: (target: never, self: XMLHttpRequest, list: unknown[]) => around(self, list, () => native.apply(target, self, list)),
    } as ProxyHandler<XMLHttpRequest[Name]>);
  };

  wrap("open", (self, list) => {
    // Read once: what is opened is what is judged.
    const method = native.upper(`${list[0] as string}`);
    const address = native.absolute(list[1]);
    const isAsync = list.length < 3 || Boolean(list[2]);
    const rest = list.length < 3 ? [method, address] : [method, address, isAsync, list[3], list[4]];
    const result = native.apply(open, self, rest as never) as unknown;
    const round = (native.mapGet(states, self)?.round ?? 0) + 1;
    native.mapSet(states, self, { method, address, isAsync, hasType: false, isPending: false, round });
    return result;
  });
  wrap("setRequestHeader", (self, list, go) => {
    const result = go();
    const state = native.mapGet(states, self);
    if (state && native.upper(`${list[0] as string}`) === "CONTENT-TYPE") {
      state.hasType = true;
    }
    return result;
  });
  wrap("abort", (self, _list, go) => {
    const state = native.mapGet(states, self);
    if (state) {
      state.round += 1;
      state.isPending = false;
    }
    return go();
  });
  wrap("send", (self, list, go) => {
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
        if (state.round !== round || native.mapGet(states, self) !== state) {
          return;
        }
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
      });
    if (body === undefined || body === null) {
      decide(undefined);
    } else {
      readBody(body, (content) => content && decide(content));
    }
    return undefined;
  });
}
