// SPDX-License-Identifier: Apache-2.0
// The words between our script in the page's own world and the content script. The port is handed over once, in an event
// that our script takes (and cancels, so that the content script knows) before any script of the page runs; after that the
// names mean nothing. Which of the two runs first is the browser's choice: our script knocks, in case it comes second.
export const kDoorEvent = "gatehouse:door";
export const kKnockEvent = "gatehouse:knock";

// page → content: [kHello], then [number of the question, address, method, body], where the method is kClipboard for a text
// that the page is about to read. content → page: [number, 1 to let go, the text where another stands for it].
// A page that begins to listen: noted, not held.
export const kVoice = "VOICE";
export const kHello = "hello";
export const kClipboard = "CLIPBOARD";
// The same for what the page is about to write: JSON {text, html}; 1 when it was written for the page.
export const kClipboardWrite = "CLIPBOARD-WRITE";
export type PageQuestion = readonly [number, string, string, string];
