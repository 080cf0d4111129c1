// SPDX-License-Identifier: Apache-2.0
// The browser's own functions, taken before any script of the page runs. A page may replace them later on every prototype;
// what we call is what we took. Nothing in src/page calls a method of an object that a page can reach in any other way.
type Call = <This, Arguments extends unknown[], Result>(method: (this: This, ...rest: Arguments) => Result) => (self: This, ...rest: Arguments) => Result;

const { bind, call } = Function.prototype;
// `unbound(f)(self, a)` is `self.f(a)` that nobody can change. In this folder no list is spread, taken apart or iterated
// after the start either, because a page may replace the iterator.
export const unbound: Call = bind.bind(call) as never;

type Getter = (self: never) => unknown;
function getter(prototype: object, name: string | symbol): Getter {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
  return get ? (unbound(get as never) as Getter) : () => undefined;
}

export const NativeRequest = Request;
export const NativeResponse = Response;
export const NativePromise = Promise;
export const NativeBlob = Blob;
export const NativeUrl = URL;
export const NativeError = TypeError;
export const NativeException = DOMException;
export const NativeEvent = ProgressEvent;
export const NativeFormData = FormData;
export const construct = Reflect.construct;
export const apply = Reflect.apply;

export const then = unbound(Promise.prototype.then) as <T>(promise: Promise<T>, done: (value: T) => void, failed: (error: unknown) => void) => void;
export const readBuffer = unbound(Response.prototype.arrayBuffer);
export const readRequest = unbound(Request.prototype.arrayBuffer);
export const cloneRequest = unbound(Request.prototype.clone);
export const requestUrl = getter(Request.prototype, "url") as (self: Request) => string;
export const requestMethod = getter(Request.prototype, "method") as (self: Request) => string;
export const requestBody = getter(Request.prototype, "body") as (self: Request) => unknown;
export const responseHeaders = getter(Response.prototype, "headers") as (self: Response) => Headers;
export const headerOf = unbound(Headers.prototype.get);
export const messageData = getter(MessageEvent.prototype, "data") as (self: MessageEvent) => unknown;
export const messagePorts = getter(MessageEvent.prototype, "ports") as (self: MessageEvent) => readonly MessagePort[];
export const urlHref = getter(URL.prototype, "href") as (self: URL) => string;
const baseOf = getter(Node.prototype, "baseURI") as (self: Node) => string;
export const urlSearch = getter(URL.prototype, "search") as (self: URL) => string;
export const bufferLength = getter(ArrayBuffer.prototype, "byteLength") as (self: ArrayBuffer) => number;
export const sliceBuffer = unbound(ArrayBuffer.prototype.slice);
export const isView = ArrayBuffer.isView;
const viewProto = Object.getPrototypeOf(Uint8Array.prototype) as object;
const viewKind = getter(viewProto, Symbol.toStringTag);
const views = {
  list: { buffer: getter(viewProto, "buffer"), offset: getter(viewProto, "byteOffset"), length: getter(viewProto, "byteLength") },
  data: { buffer: getter(DataView.prototype, "buffer"), offset: getter(DataView.prototype, "byteOffset"), length: getter(DataView.prototype, "byteLength") },
};
export const mapGet = unbound(WeakMap.prototype.get) as <K extends WeakKey, V>(map: WeakMap<K, V>, key: K) => V | undefined;
export const mapSet = unbound(WeakMap.prototype.set) as <K extends WeakKey, V>(map: WeakMap<K, V>, key: K, value: V) => void;
export const indexOf = unbound(String.prototype.indexOf) as (text: string, part: string) => number;
export const stringify = JSON.stringify as (value: unknown) => string;
export const upper = unbound(String.prototype.toUpperCase);
export const dispatch = unbound(EventTarget.prototype.dispatchEvent);

const decoder = new TextDecoder();
const decodeBytes = unbound(TextDecoder.prototype.decode);
export const textOfBuffer = (bytes: ArrayBuffer): string => decodeBytes(decoder, bytes);

// A copy that the page cannot change afterwards.
export function copyOf(data: ArrayBuffer | ArrayBufferView): ArrayBuffer {
  if (!isView(data)) {
    return sliceBuffer(data, 0, bufferLength(data)) as ArrayBuffer;
  }
  const view = viewKind(data as never) === undefined ? views.data : views.list;
  const offset = view.offset(data as never) as number;
  return sliceBuffer(view.buffer(data as never) as ArrayBuffer, offset, offset + (view.length(data as never) as number)) as ArrayBuffer;
}

// The address as the page's own code would have it resolved.
export function absolute(address: unknown): string {
  return urlHref(new NativeUrl(`${address as string}`, baseOf(document)));
}
