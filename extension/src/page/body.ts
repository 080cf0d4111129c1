// SPDX-License-Identifier: Apache-2.0
// A body as it is now, in bytes or text that the page cannot change afterwards, with the type that the browser gives it.
import * as native from "./natives";

export interface Body {
  content: ArrayBuffer | string;
  text: string;
  type: string | undefined; // undefined: what the browser says by itself
}

export function readBody(body: unknown, done: (body: Body | undefined) => void): void {
  if (typeof body === "string") {
    done({ content: body, text: body, type: undefined });
    return;
  }
  try {
    if (body instanceof Document) {
      const text = new XMLSerializer().serializeToString(body);
      done({ content: text, text, type: "application/xml;charset=UTF-8" });
      return;
    }
    const response = new native.NativeResponse(body as BodyInit);
    const type = native.headerOf(native.responseHeaders(response), "content-type") ?? undefined;
    native.then(
      native.readBuffer(response),
      (content) => done({ content, text: native.textOfBuffer(content), type }),
      () => done(undefined),
    );
  } catch {
    done(undefined);
  }
}
