// SPDX-License-Identifier: Apache-2.0
// The last line: the browser's own events for requests to guarded sites. Where policy installed the extension (or a test
// allows it), a request whose texts were not let go before is cancelled, whoever in the page makes it: workers, forms,
// synchronous requests, frames. Chromium wants the answer at once, so that only the ledger is asked; Firefox waits, so that the
// agent is asked about what the ledger does not know.
import type { Site } from "../../sites/site";
import { type Sent, textsOf } from "../shared/texts";
import type { Ledger } from "./ledger";

export interface Guarded {
  isGuarded(host: string): boolean;
  siteOf(host: string): Site | undefined;
  readonly hosts: string[];
  readonly ready?: Promise<void>; // until then it knows our own sites alone
}

// True when the texts of a request may go.
export type Asking = (origin: string, where: { tab: number; frame: number }, texts: readonly string[]) => Promise<boolean>;

// Chromium names the origin that asks, Firefox the address of its document.
type Details = { originUrl?: string } & Pick<chrome.webRequest.OnBeforeRequestDetails, "url" | "method" | "type" | "documentId" | "tabId" | "frameId" | "initiator" | "requestBody">;

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

const kUrls = "watched";

// Nowhere but in Firefox.
function lastUrls(): string[] | undefined {
  const kept: unknown = JSON.parse(globalThis.localStorage?.getItem(kUrls) ?? "null");
  return Array.isArray(kept) ? (kept as string[]) : undefined;
}

function keepUrls(urls: string[]): void {
  globalThis.localStorage?.setItem(kUrls, JSON.stringify(urls));
}

const isRead = (method: string): boolean => method === "GET" || method === "HEAD" || method === "OPTIONS";

// A person who opens an address comes back to it when its words may go; nothing else does.
export type Revisit = (url: string, tab: number, texts: readonly string[]) => void;

export class Requests {
  private urls: string[] | undefined; // that are watched
  private readonly documents = new Set<string>(); // in which our script stands before the page's

  constructor(
    private readonly guarded: Guarded,
    private readonly ledger: Ledger,
    private readonly ask: Asking | undefined = undefined, // where the browser waits for it
    private readonly unseen: (origin: string) => void = () => undefined,
    private readonly revisit: Revisit = () => undefined,
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

  // By the ledger alone.
  mayGo(details: Details): boolean {
    const judged = this.judge(details);
    if (typeof judged === "boolean" || judged.texts.length === 0) {
      return judged !== false;
    }
    if (details.type === "main_frame" && isRead(details.method)) {
      this.revisit(details.url, details.tabId, judged.texts);
    }
    return false;
  }

  // The agent is asked about what the ledger does not know.
  private async mayGoAsked(details: Details, ask: Asking): Promise<boolean> {
    await this.guarded.ready;
    const judged = this.judge(details);
    if (typeof judged === "boolean" || judged.texts.length === 0) {
      return judged !== false;
    }
    return ask(judged.origin, { tab: details.tabId, frame: details.frameId }, judged.texts).catch(() => false);
  }

  // Decided, or the texts that nobody let go yet.
  private judge(details: Details): boolean | { origin: string; texts: string[] } {
    const { url, method, type, originUrl } = details;
    const named = details.initiator ?? (originUrl && URL.canParse(originUrl) ? new URL(originUrl).origin : undefined);
    // Whoever leads a person to a guarded page: what its address says is said to that page.
    const isVisit = type === "main_frame" && isRead(method) && !this.guarded.isGuarded(hostOf(named));
    const initiator = isVisit ? undefined : named;
    const host = hostOf(initiator) || hostOf(url);
    if (!this.guarded.isGuarded(host)) {
      return true;
    }
    if ((type as string) === "webtransport") {
      return false; // nobody sees into it
    }
    if (type === "websocket") {
      return this.documents.has(documentOf(details)); // its messages are seen in the page alone
    }
    const body = isRead(method) ? "" : bodyOf(details);
    const origin = initiator ?? new URL(url).origin;
    if (body === undefined) {
      this.unseen(origin);
      return false;
    }
    const isKnown = (text: string): boolean => this.ledger.isApproved(origin, text);
    const texts = textsOf(this.guarded.siteOf(host), host, { url, method, body }, isKnown).filter((text) => !isKnown(text));
    return { origin, texts };
  }

  // Anew at each change of policy. Nothing is heard where the browser does not grant it; the scripts in the pages stand
  // alone there. Who wakes Firefox's event page is heard only when the very same is asked for at once: the list of the last
  // time is kept where it can be read without waiting.
  watch(): void {
    const hosts = this.guarded.hosts;
    const urls = (this.urls === undefined && lastUrls()) || hosts.flatMap((host) => [`https://${host}/*`, `wss://${host}/*`]);
    if (JSON.stringify(urls) === JSON.stringify(this.urls)) {
      return;
    }
    this.urls = urls;
    keepUrls(urls);
    const filter = { urls }; // of every type: a picture's address may say as much as a form
    try {
      chrome.webRequest.onBeforeRequest.removeListener(this.listener);
      chrome.webRequest.onBeforeRequest.addListener(this.listener, filter, ["blocking", "requestBody"]);
    } catch {
      // no permission
    }
  }

  // Firefox takes a promise, which Chromium's types do not know.
  private readonly listener = (details: Details): chrome.webRequest.BlockingResponse =>
    this.ask ? (this.mayGoAsked(details, this.ask).then((may) => ({ cancel: !may })) as never) : { cancel: !this.mayGo(details) };
}
