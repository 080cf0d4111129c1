// SPDX-License-Identifier: Apache-2.0
// What the agent says about the clipboard before it is pasted: digests under the key of this focus, and whether a paste of
// just that may enter the page as it is.
import { hmacSha256 } from "./digest";
import { isFields } from "./protocol";

export interface Clip {
  key: string;
  text: string;
  html: string;
  isAllowed: boolean;
}

// Longer texts take longer to digest than a verdict needs.
const kLongest = 256 * 1024;

export function readClip(message: unknown): Clip | undefined {
  const isClip = isFields(message) && [message.key, message.text, message.html].every((each) => typeof each === "string");
  return isClip ? { key: message.key as string, text: message.text as string, html: message.html as string, isAllowed: message.allowed === true } : undefined;
}

// True when this is what the agent looked at, and nothing would be done about it. A paste that leaves the HTML form out is
// less than that.
export function mayEnter(clip: Clip | undefined, text: string, html: string): boolean {
  if (!clip?.isAllowed || clip.key === "" || clip.text === "" || text.length + html.length > kLongest) {
    return false;
  }
  return hmacSha256(clip.key, text) === clip.text && (html === "" || hmacSha256(clip.key, html) === clip.html);
}
