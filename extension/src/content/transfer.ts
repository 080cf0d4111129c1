// SPDX-License-Identifier: Apache-2.0
// What a paste or drop carries. Copied at once, because the browser empties a DataTransfer after its event.
export interface Carried {
  text: string; // well-formed: what is asked about is what is inserted
  html?: string;
  files: readonly File[];
}

export function readTransfer(transfer: DataTransfer | null): Carried {
  const html = transfer?.getData("text/html") ?? "";
  const plain = transfer?.getData("text/plain") || textOf(html) || transfer?.getData("text/uri-list") || "";
  const files = [...(transfer?.files ?? [])];
  return { text: plain.toWellFormed(), files, ...(html ? { html: html.toWellFormed() } : {}) };
}

// An inert document: nothing in it loads or runs.
function textOf(html: string): string {
  return html ? (new DOMParser().parseFromString(html, "text/html").body.textContent ?? "") : "";
}
