// SPDX-License-Identifier: Apache-2.0
// Beacons, forms that a script submits, and file pickers.
import { kVoice } from "../shared/door";
import { readBody } from "./body";
import { ask } from "./door";
import * as native from "./natives";

export function hookBeacon(): void {
  const { sendBeacon } = navigator;
  Navigator.prototype.sendBeacon = new Proxy(sendBeacon, {
    __proto__: null,
    apply: (_target: unknown, _self: unknown, list: unknown[]): boolean => {
      const address = native.absolute(list[0]);
      const send = (content?: BodyInit): unknown => native.apply(sendBeacon, navigator, content === undefined ? [address] : [address, content]);
      if (list[1] === undefined || list[1] === null) {
        ask(address, "POST", "", (isAllowed) => isAllowed && send());
        return true;
      }
      readBody(list[1], (body) => {
        if (body) {
          const content = typeof body.content === "string" ? body.content : new native.NativeBlob([body.content], { type: body.type ?? "" });
          ask(address, "POST", body.text, (isAllowed) => isAllowed && send(content));
        }
      });
      return true;
    },
  } as never);
}

const forEachField = native.unbound(FormData.prototype.forEach);

// The fields as they would be sent, one behind the other.
function fieldsOf(form: HTMLFormElement): string {
  let text = "";
  forEachField(new native.NativeFormData(form), (value: FormDataEntryValue, name: string) => {
    text += `${name}\n${typeof value === "string" ? value : value.name}\n`;
  });
  return text;
}

export function hookForms(): void {
  const { submit } = HTMLFormElement.prototype;
  const actionOf = native.unbound(Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "action")?.get as (this: HTMLFormElement) => string);
  HTMLFormElement.prototype.submit = new Proxy(submit, {
    __proto__: null,
    apply: (_target: unknown, form: HTMLFormElement) => {
      const fields = fieldsOf(form);
      const action = actionOf(form);
      ask(native.absolute(action), "POST", fields, (isAllowed) => {
        if (isAllowed && fieldsOf(form) === fields && actionOf(form) === action) {
          native.apply(submit, form, []);
        }
      });
    },
  } as never);
}

// Ways out that pages can do without, and that cannot be held: a request for later, and streams of their own.
export function closeSideDoors(): void {
  // And a search over all that is shown, ours too.
  for (const name of ["fetchLater", "WebTransport", "WebSocketStream", "find"]) {
    delete (window as unknown as Record<string, unknown>)[name];
  }
}

// Speech cannot be looked into: that a page listens is told.
export function noteVoice(): void {
  const tell = (): void => ask(native.absolute("/"), kVoice, "", () => undefined);
  const { mediaDevices } = navigator;
  const devices = mediaDevices && (Object.getPrototypeOf(mediaDevices) as MediaDevices);
  if (devices) {
    devices.getUserMedia = new Proxy(devices.getUserMedia, {
      __proto__: null,
      apply: (target: never, self: MediaDevices, list: unknown[]) => {
        const wanted = list[0] as MediaStreamConstraints | undefined;
        if (wanted?.audio) {
          tell();
        }
        return native.apply(target, self, list) as unknown;
      },
    } as never);
  }
  const speech = (window as unknown as Record<string, { prototype: { start: () => void } } | undefined>).webkitSpeechRecognition;
  if (speech) {
    speech.prototype.start = new Proxy(speech.prototype.start, {
      __proto__: null,
      apply: (target: never, self: never, list: never[]) => (tell(), native.apply(target, self, list) as unknown),
    } as never);
  }
}

// Pages fall back to a file input, which is held. An input outside of the document would be heard by nobody but its page:
// it joins the document while somebody chooses.
export function hookPickers(): void {
  for (const name of ["showOpenFilePicker", "showDirectoryPicker"]) {
    delete (window as unknown as Record<string, unknown>)[name];
  }
  const { prototype } = HTMLInputElement;
  const isConnected = native.unbound(Object.getOwnPropertyDescriptor(Node.prototype, "isConnected")?.get as (this: Node) => boolean);
  const typeOf = native.unbound(Object.getOwnPropertyDescriptor(prototype, "type")?.get as (this: HTMLInputElement) => string);
  const append = native.unbound(Node.prototype.appendChild) as (parent: Node, child: Node) => Node;
  const hide = native.unbound(Element.prototype.setAttribute);
  const around = (target: never, input: HTMLInputElement, list: unknown[]): unknown => {
    if (typeOf(input) === "file" && !isConnected(input)) {
      hide(input, "hidden", "");
      append(document.documentElement, input);
    }
    return native.apply(target, input, list);
  };
  const handler = { __proto__: null, apply: around } as never;
  HTMLElement.prototype.click = new Proxy(HTMLElement.prototype.click, {
    __proto__: null,
    apply: (target: never, element: HTMLElement, list: unknown[]) =>
      element instanceof HTMLInputElement ? around(target, element, list) : native.apply(target, element, list),
  } as never);
  if (prototype.showPicker) {
    prototype.showPicker = new Proxy(prototype.showPicker, handler);
  }
}
