// SPDX-License-Identifier: Apache-2.0
// The last line: the browser's own events for requests to guarded sites. Where policy installed the extension (or a test
// allows it), a request whose texts were not let go before is cancelled, whoever in the page makes it: workers, forms,
// synchronous requests, frames. The answer must be given at once, so that only the ledger is asked, never the agent.
import type { Site } from "../../sites/site";
import { type Sent, textsOf } from "../shared/texts";
import type { Ledger } from "./ledger";

export interface Guarded {
  isGuarded(host: string): boolean;
  siteOf(host: string): Site | undefined;
  readonly hosts: string[];
}

// Chromium names the origin that asks, Firefox the address of its document.
type Details = { originUrl?: string } & Pick<chrome.webRequest.OnBeforeRequestDetails, "url" | "method" | "type" | "documentId" | "tabId" | "frameId" | "initiator" | "requestBody">;

const kTypes = ["xmlhttprequest", "ping", "main_frame", "sub_frame", "websocket", "other"] as const;

const kDocumentLimit = 2000;

export function documentOf(where: { documentId?: string | undefined; tabId?: number; frameId?: number }): string {
  return where.documentId ?? `${where.tabId}:${where.frameId}`;
}

function hostOf(address: string | undefined): string {
  return address && URL.canParse(address) ? new URL(address).hostname : "";
}

// As UTF-8 text; undefined when the browser does not show it.
function bodyOf(details: Details): string | undefined {
  const { requestBody } = details;
  if (!requestBody) {
    return "";
  }
  if (requestBody.formData) {
    return JSON.stringify(requestBody.formData);
  }
  const decoder = new TextDecoder();
  let text = "";
  for (const piece of requestBody.raw ?? []) {
    if (!piece.bytes) {
      return undefined;
    }
    text += decoder.decode(piece.bytes, { stream: true });
  }
  return requestBody.error ? undefined : text + decoder.decode();
}

export class Requests {
  private readonly documents = new Set<string>(); // in which our script stands before the page's

  constructor(
    private readonly guarded: Guarded,
    private readonly ledger: Ledger,
  ) {}

  textsOf(origin: string, sent: Sent): string[] {
    const host = hostOf(origin);
    return textsOf(this.guarded.siteOf(host), host, sent, (text) => this.ledger.isApproved(origin, text));
  }

  hooked(document: string): void {
    this.documents.add(document);
    for (const each of this.documents) {
      if (this.documents.size <= kDocumentLimit) {
        break;
      }
      this.documents.delete(each);
    }
  }

  mayGo(details: Details): boolean {
    const { url, method, type, originUrl } = details;
    const initiator = details.initiator ?? (originUrl && URL.canParse(originUrl) ? new URL(originUrl).origin : undefined);
    const host = hostOf(initiator) || hostOf(url);
    if (!this.guarded.isGuarded(host)) {
      return true;
    }
    if (type === "websocket") {
      return this.documents.has(documentOf(details)); // its messages are seen in the page alone
    }
    if (method === "GET" || method === "HEAD" || method === "OPTIONS") {
      return true;
    }
    const body = bodyOf(details);
    const site = this.guarded.siteOf(host);
    const origin = initiator ?? new URL(url).origin;
    const isKnown = (text: string): boolean => this.ledger.isApproved(origin, text);
    return body !== undefined && textsOf(site, host, { url, method, body }, isKnown).every(isKnown);
  }

  // Anew at each change of policy. Nothing is heard where the browser does not grant it; the scripts in the pages stand
  // alone there.
  watch(): void {
    const urls = this.guarded.hosts.flatMap((host) => [`https://${host}/*`, `wss://${host}/*`]);
    const filter = { urls, types: [...kTypes] as chrome.webRequest.ResourceType[] };
    try {
      chrome.webRequest.onBeforeRequest.removeListener(this.listener);
      chrome.webRequest.onBeforeRequest.addListener(this.listener, filter, ["blocking", "requestBody"]);
    } catch {
      // no permission
    }
  }

  private readonly listener = (details: Details): chrome.webRequest.BlockingResponse => ({ cancel: !this.mayGo(details) });
}
