// SPDX-License-Identifier: Apache-2.0
// AI sites that no list guards: known by their host, or by what they send (src/shared/ai_shape.ts). Each is reported once per
// session of the browser; where policy says so it is guarded from then on, or nothing is let in any more.
import { unlistedHosts } from "../../sites/unlisted";
import { isEventStream, likenessOf } from "../shared/ai_shape";
import type { Unlisted as Word } from "../shared/protocol";
import { matchesAny } from "../shared/site_match";

export interface Rules {
  readonly unlisted: Word;
  readonly aiHosts: readonly string[];
  isListed(host: string): boolean; // a list says something about it: guarded, or expressly not
}

export interface Found {
  host: string;
  tab: number;
}

type Details = Pick<chrome.webRequest.OnBeforeRequestDetails, "url" | "method" | "type" | "tabId" | "requestId" | "initiator" | "requestBody"> & { originUrl?: string };

const kMaybeLimit = 500;
const kFoundLimit = 500;

const hostOf = (address: string | undefined): string => (address && URL.canParse(address) && address.startsWith("https:") ? new URL(address).hostname : "");

function bodyOf(details: Details): string {
  const decoder = new TextDecoder();
  return (details.requestBody?.raw ?? []).map((piece) => (piece.bytes ? decoder.decode(piece.bytes, { stream: true }) : "")).join("");
}

export class Unlisted {
  private readonly found = new Set<string>();
  private readonly maybe = new Map<string, Found>(); // by request, until its answer begins

  constructor(
    private readonly rules: Rules,
    private readonly discovered: (found: Found) => void,
  ) {}

  // Hosts that were found in an earlier life of the worker.
  remember(hosts: readonly string[]): void {
    hosts.forEach((host) => this.found.add(host));
  }
  get hosts(): string[] {
    return [...this.found];
  }

  private isKnownAi(host: string): boolean {
    return matchesAny([...unlistedHosts, ...this.rules.aiHosts], host);
  }
  // No list names it, and it is an AI site.
  isUnlisted(host: string): boolean {
    return this.rules.unlisted !== "ignore" && !this.rules.isListed(host) && (this.found.has(host) || this.isKnownAi(host));
  }
  isGuarded(host: string): boolean {
    return (this.rules.unlisted === "warn" || this.rules.unlisted === "block") && this.isUnlisted(host);
  }
  isBlocked(host: string): boolean {
    return this.rules.unlisted === "block" && this.isUnlisted(host);
  }
  // Where our scripts must run before anything was sent.
  get guardedHosts(): string[] {
    const { unlisted, aiHosts } = this.rules;
    return unlisted === "warn" || unlisted === "block" ? [...unlistedHosts, ...aiHosts, ...this.found] : [];
  }

  // A request of any page. True when it must not leave.
  look(details: Details): boolean {
    const { unlisted } = this.rules;
    if (unlisted === "ignore") {
      return false;
    }
    const page = details.type === "main_frame" ? hostOf(details.url) : hostOf(details.initiator ?? details.originUrl);
    if (!page || this.rules.isListed(page)) {
      return false;
    }
    if (details.type === "main_frame") {
      if (this.isKnownAi(page)) {
        this.discover({ host: page, tab: details.tabId });
      }
      return false;
    }
    const likeness = likenessOf(details.url, details.method, bodyOf(details));
    if (likeness === "certain") {
      this.discover({ host: page, tab: details.tabId });
      return unlisted === "block";
    }
    if (likeness === "maybe" && this.maybe.size < kMaybeLimit) {
      this.maybe.set(details.requestId, { host: page, tab: details.tabId });
    }
    return false;
  }

  answered(request: string, contentType: string): void {
    const maybe = this.maybe.get(request);
    this.maybe.delete(request);
    if (maybe && isEventStream(contentType)) {
      this.discover(maybe);
    }
  }

  private discover(found: Found): void {
    if (!this.found.has(found.host) && this.found.size < kFoundLimit) {
      this.found.add(found.host);
      this.discovered(found);
    }
  }

  // Anew at each change of policy. The second listener is heard only where policy installed the extension.
  watch(): void {
    const { onBeforeRequest, onHeadersReceived } = chrome.webRequest;
    const urls = ["https://*/*"];
    [this.onRequest, this.onRequestHeld].forEach((listener) => onBeforeRequest.removeListener(listener));
    onHeadersReceived.removeListener(this.onHeaders);
    if (this.rules.unlisted === "ignore") {
      return;
    }
    const types = ["xmlhttprequest", "main_frame"] as chrome.webRequest.ResourceType[];
    onBeforeRequest.addListener(this.onRequest, { urls, types }, ["requestBody"]);
    onHeadersReceived.addListener(this.onHeaders, { urls, types: ["xmlhttprequest"] as chrome.webRequest.ResourceType[] }, ["responseHeaders"]);
    if (this.rules.unlisted === "block") {
      try {
        onBeforeRequest.addListener(this.onRequestHeld, { urls, types: ["xmlhttprequest"] as chrome.webRequest.ResourceType[] }, ["blocking", "requestBody"]);
      } catch {
        // no permission: the scripts in the page refuse from the next request on
      }
    }
  }

  private readonly onRequest = (details: Details): undefined => void this.look(details);
  private readonly onRequestHeld = (details: Details): chrome.webRequest.BlockingResponse => ({ cancel: this.look(details) });
  private readonly onHeaders = (details: chrome.webRequest.OnHeadersReceivedDetails): undefined =>
    void this.answered(details.requestId, details.responseHeaders?.find(({ name }) => name.toLowerCase() === "content-type")?.value ?? "");
}
