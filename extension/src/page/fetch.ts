// SPDX-License-Identifier: Apache-2.0
// fetch: the request is made into a copy at once, its body is read, and exactly what was read is sent when it may go.
import { ask } from "./door";
import * as native from "./natives";

// Longer queries than this may hold some words.
const kLongQuery = 8;

export function asksFor(method: string, address: string): boolean {
  const isBodiless = method === "GET" || method === "HEAD" || method === "OPTIONS";
  return !isBodiless || native.urlSearch(new native.NativeUrl(address)).length > kLongQuery;
}

const refused = (): TypeError => new native.NativeError("Failed to fetch");

export function hookFetch(): void {
  const send = window.fetch;
  const plain = (request: Request, init?: object): Promise<Response> => native.apply(send, window, init ? [request, init] : [request]) as Promise<Response>;

  const guarded = (request: Request): Promise<Response> =>
    new native.NativePromise<Response>((resolve, reject) => {
      const decide = (body: ArrayBuffer | undefined): void =>
        ask(native.requestUrl(request), native.requestMethod(request), body ? native.textOfBuffer(body) : "", (isAllowed) => {
          if (!isAllowed) {
            reject(refused());
            return;
          }
          native.then(plain(request, body && { __proto__: null, body }), resolve, reject);
        });
      if (native.requestBody(request) === null) {
        decide(undefined);
      } else {
        native.then(native.readRequest(native.cloneRequest(request)), decide, reject);
      }
    });

  window.fetch = new Proxy(send, {
    __proto__: null,
    apply: (_target: unknown, _self: unknown, list: unknown[]): Promise<Response> => {
      let request: Request;
      try {
        request = native.construct(native.NativeRequest, list.length > 1 ? [list[0], list[1]] : [list[0]]) as Request;
      } catch (error) {
        return new native.NativePromise<Response>((_resolve, reject) => reject(error));
      }
      return asksFor(native.requestMethod(request), native.requestUrl(request)) ? guarded(request) : plain(request);
    },
  } as ProxyHandler<typeof fetch>);
}
