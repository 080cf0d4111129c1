// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it, vi } from "vitest";
import { sites } from "../sites/index";
import { Ledger } from "../src/background/ledger";
import { documentOf, Requests } from "../src/background/requests";
import { siteOf } from "../src/shared/site_match";

const origin = "https://chatgpt.com";
const url = `${origin}/backend-api/f/conversation`;
const bytes = (text: string) => ({ raw: [{ bytes: new TextEncoder().encode(text).buffer }] });

let ledger: Ledger;
let requests: Requests;

beforeEach(() => {
  ledger = new Ledger(() => 0);
  requests = new Requests({ isGuarded: (host) => host === "chatgpt.com", siteOf: (host) => siteOf(host, undefined, sites), hosts: [] }, ledger);
});

const mayGo = (rest: object) =>
  requests.mayGo({ url, method: "POST", type: "xmlhttprequest" as never, tabId: 1, frameId: 0, documentId: "d1", initiator: origin, requestBody: null, ...rest } as never);

describe("a request to a guarded site", () => {
  it("goes when all its texts were let go", () => {
    const requestBody = bytes(JSON.stringify({ a: "One text", b: "Other text" }));
    expect(mayGo({ requestBody })).toBe(false);
    ledger.approve(origin, "One text");
    expect(mayGo({ requestBody })).toBe(false);
    ledger.approve(origin, "Other text");
    expect(mayGo({ requestBody })).toBe(true);
  });
  it("goes when it says nothing", () => {
    expect(mayGo({})).toBe(true);
    expect(mayGo({ requestBody: bytes('{"action":"next"}') })).toBe(true);
    expect(mayGo({ method: "GET" })).toBe(true);
  });
  it("is judged by the same words in pieces, in fields, and cut through a character", () => {
    ledger.approve(origin, "ä text");
    const whole = new TextEncoder().encode("ä text");
    expect(mayGo({ requestBody: { raw: [{ bytes: whole.slice(0, 1).buffer }, { bytes: whole.slice(1).buffer }] } })).toBe(true);
    expect(mayGo({ requestBody: { formData: { q: ["ä text"] } } })).toBe(true);
    expect(mayGo({ requestBody: { formData: { q: ["Other text"] } } })).toBe(false);
  });
  it("does not go when its body cannot be seen", () => {
    expect(mayGo({ requestBody: { error: "Unknown error." } })).toBe(false);
    expect(mayGo({ requestBody: { raw: [{ file: "/x" }] } })).toBe(false);
  });
  it("does not go from a frame without a name of its own", () => {
    ledger.approve(origin, "One text");
    expect(mayGo({ initiator: "null", requestBody: bytes("One text") })).toBe(false);
  });
  it("is known by the document's address where the browser names no origin", () => {
    ledger.approve(origin, "One text");
    expect(mayGo({ initiator: undefined, originUrl: `${origin}/c/1`, requestBody: bytes("One text") })).toBe(true);
    expect(mayGo({ initiator: undefined, originUrl: `${origin}/c/1`, requestBody: bytes("Other text") })).toBe(false);
    expect(mayGo({ initiator: undefined, originUrl: "https://news.example/", requestBody: bytes("Other text") })).toBe(true);
  });
  it("is not ours when another site makes it", () => {
    expect(mayGo({ initiator: "https://news.example", requestBody: bytes("One text") })).toBe(true);
  });
});

it("a socket is opened only by a document in which its messages are held", () => {
  expect(mayGo({ type: "websocket", method: "GET" })).toBe(false);
  requests.hooked(documentOf({ documentId: "d1" }));
  expect(mayGo({ type: "websocket", method: "GET" })).toBe(true);
  expect(mayGo({ type: "websocket", method: "GET", documentId: "d2" })).toBe(false);
});

it("nobody opens what nobody sees into", () => {
  requests.hooked(documentOf({ documentId: "d1" }));
  expect(mayGo({ type: "webtransport", method: "GET" })).toBe(false);
});

describe("an address that is read", () => {
  const asked = `${origin}/search?q=what+is+this`;
  it("is judged by the words in it", () => {
    expect(mayGo({ method: "GET", type: "image", url: asked })).toBe(false);
    expect(mayGo({ method: "GET", type: "image", url: `${origin}/search?page=2&size=large` })).toBe(true);
    ledger.approve(origin, "what is this");
    expect(mayGo({ method: "GET", type: "image", url: asked })).toBe(true);
  });
  it("is a visit where a person opens it, from wherever: refused, asked about, and made again", () => {
    const revisit = vi.fn();
    requests = new Requests({ isGuarded: (host) => host === "chatgpt.com", siteOf: () => undefined, hosts: [] }, ledger, undefined, undefined, revisit);
    const visit = { method: "GET", type: "main_frame", url: asked, tabId: 7 };
    expect(mayGo({ ...visit, initiator: undefined })).toBe(false);
    expect(mayGo({ ...visit, initiator: "https://news.example" })).toBe(false);
    expect(revisit.mock.calls).toEqual([[asked, 7, ["what is this"]], [asked, 7, ["what is this"]]]);
    expect(mayGo({ ...visit, type: "sub_frame" })).toBe(false);
    expect(revisit).toHaveBeenCalledTimes(2);
    ledger.approve(origin, "what is this");
    expect(mayGo({ ...visit, initiator: "https://news.example" })).toBe(true);
  });
  it("a form of another site that comes to a guarded page is that site's business", () => {
    expect(mayGo({ type: "main_frame", initiator: "https://signin.example", requestBody: { formData: { code: ["A long answer of a sign-in"] } } })).toBe(true);
  });
});

describe("where the browser waits for an answer", () => {
  const listenerOf = (ask: (origin: string, where: object, texts: readonly string[]) => Promise<boolean>) => {
    const addListener = vi.fn<(listener: (details: object) => Promise<{ cancel: boolean }>) => void>();
    vi.stubGlobal("chrome", { webRequest: { onBeforeRequest: { addListener, removeListener: vi.fn() } } });
    new Requests({ isGuarded: (host) => host === "chatgpt.com", siteOf: () => undefined, hosts: ["chatgpt.com"] }, ledger, ask).watch();
    const post = { url, method: "POST", type: "xmlhttprequest", tabId: 1, frameId: 2, originUrl: `${origin}/c/1` };
    return (requestBody: object) => addListener.mock.calls[0]?.[0]({ ...post, requestBody });
  };
  const text = "A sentence that nobody looked at before";

  it("the agent is asked about what the ledger does not know, and only about that", async () => {
    const ask = vi.fn((_origin: string, _where: object, texts: readonly string[]) => Promise.resolve(!texts.includes(text)));
    const listener = listenerOf(ask);
    ledger.approve(origin, "One sentence that somebody looked at");
    expect(await listener(bytes("One sentence that somebody looked at"))).toEqual({ cancel: false });
    expect(ask).not.toHaveBeenCalled();
    expect(await listener(bytes(text))).toEqual({ cancel: true });
    expect(ask).toHaveBeenCalledWith(origin, { tab: 1, frame: 2 }, [text]);
    expect(await listener(bytes("Another sentence that nobody looked at"))).toEqual({ cancel: false });
  });
  it("no answer is a no, and a body that cannot be seen is not asked about", async () => {
    const ask = vi.fn(() => Promise.reject(new Error("gone")));
    const listener = listenerOf(ask);
    expect(await listener(bytes(text))).toEqual({ cancel: true });
    expect(await listener({ error: "Unknown error." })).toEqual({ cancel: true });
    expect(ask).toHaveBeenCalledTimes(1);
  });
  it("a page that wakes asks for the very same as before it slept, and for something else only when it changed", () => {
    const kept = new Map<string, string>();
    const addListener = vi.fn<(listener: object, filter: { urls: string[] }) => void>();
    vi.stubGlobal("localStorage", { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) });
    vi.stubGlobal("chrome", { webRequest: { onBeforeRequest: { addListener, removeListener: vi.fn() } } });
    const guarded = { isGuarded: () => true, siteOf: () => undefined, hosts: ["chatgpt.com"] };
    const asked = () => addListener.mock.calls.map(([, { urls }]) => urls.length / 2);
    const first = new Requests(guarded, ledger);
    first.watch();
    guarded.hosts = ["chatgpt.com", "ai.intranet.example"]; // the policy came
    first.watch();
    first.watch();
    expect(asked()).toEqual([1, 2]);
    guarded.hosts = ["chatgpt.com"];
    const woken = new Requests(guarded, ledger);
    woken.watch(); // what it knows by itself is not what it watched
    guarded.hosts = ["chatgpt.com", "ai.intranet.example"];
    woken.watch();
    expect(asked()).toEqual([1, 2, 2]);
    vi.unstubAllGlobals();
  });
  it("nothing is decided before the policy is read", async () => {
    let isRead = false;
    const addListener = vi.fn<(listener: (details: object) => Promise<{ cancel: boolean }>) => void>();
    vi.stubGlobal("chrome", { webRequest: { onBeforeRequest: { addListener, removeListener: vi.fn() } } });
    const ready = Promise.resolve().then(() => void (isRead = true));
    const guarded = { isGuarded: () => isRead, siteOf: () => undefined, hosts: ["ai.intranet.example"], ready };
    new Requests(guarded, ledger, () => Promise.resolve(false)).watch();
    const post = { url: "https://ai.intranet.example/ask", method: "POST", type: "xmlhttprequest", tabId: 1, frameId: 0, originUrl: "https://ai.intranet.example/" };
    expect(await addListener.mock.calls[0]?.[0]({ ...post, requestBody: bytes(text) })).toEqual({ cancel: true });
    vi.unstubAllGlobals();
  });
});
