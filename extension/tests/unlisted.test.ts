// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { type Found, Unlisted } from "../src/background/unlisted";
import { likenessOf } from "../src/shared/ai_shape";
import type { Unlisted as Word } from "../src/shared/protocol";

const kUrl = "https://api.shadow.example/send";
const json = (value: unknown): string => JSON.stringify(value);

describe("traffic with a model", () => {
  it.each([
    ["OpenAI's messages", kUrl, json({ model: "m", messages: [{ role: "user", content: "hi" }] })],
    ["Anthropic's blocks", kUrl, json({ messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] })],
    ["Gemini's contents", kUrl, json({ contents: [{ parts: [{ text: "hi" }] }] })],
    ["a model and a prompt", kUrl, json({ model: "m", prompt: "hi" })],
    ["ChatGPT's authors", kUrl, json({ messages: [{ author: { role: "user" }, content: { parts: ["hi"] } }] })],
    ["wrapped", kUrl, json([{ data: { request: { messages: [{ role: "user", text: "hi" }] } } }])],
    ["a path", "https://a.example/v1/chat/completions", json({ x: 1 })],
    ["a path of Gemini", "https://a.example/v1beta/models/g:streamGenerateContent", json({ x: 1 })],
  ])("is certain: %s", (_name, url, body) => {
    expect(likenessOf(url, "POST", body)).toBe("certain");
  });
  it.each([
    ["a search", kUrl, json({ query: "shoes", page: 2 })],
    ["a mail box", kUrl, json({ messages: [{ id: 5, folder: "inbox" }] })],
    ["a product", kUrl, json({ model: "T-800", colour: "red" })],
    ["no JSON", kUrl, "role=user&content=hi"],
    ["a path without a body", "https://a.example/v1/messages", ""],
    ["deep down", kUrl, json({ a: { b: { c: { d: { e: { messages: [{ role: "user", content: "hi" }] } } } } } })],
  ])("is none: %s", (_name, url, body) => {
    expect(likenessOf(url, "POST", body)).toBe("none");
  });
  it("is none when nothing is sent", () => {
    expect(likenessOf("https://a.example/v1/chat/completions", "GET", "")).toBe("none");
  });
  it("may be one where a sentence is sent", () => {
    expect(likenessOf(kUrl, "POST", json({ text: "what do you think" }))).toBe("maybe");
  });
});

function watching(unlisted: Word, aiHosts: string[] = []): { unlisted: Unlisted; found: Found[] } {
  const found: Found[] = [];
  const rules = { unlisted, aiHosts, isListed: (host: string) => host === "chatgpt.com" || host === "fine.example" };
  return { unlisted: new Unlisted(rules, (each) => found.push(each)), found };
}
const request = (page: string, body: unknown, fields: object = {}): never =>
  ({ url: kUrl, method: "POST", type: "xmlhttprequest", tabId: 7, requestId: "1", initiator: `https://${page}`, requestBody: { raw: [{ bytes: new TextEncoder().encode(json(body)).buffer }] }, ...fields }) as never;
const prompt = { messages: [{ role: "user", content: "hi" }] };

describe("an AI site that no list names", () => {
  it("is found once, by what it sends, under the page's name", () => {
    const { unlisted, found } = watching("report");
    expect(unlisted.look(request("shadow.example", prompt))).toBe(false);
    unlisted.look(request("shadow.example", prompt));
    expect(found).toEqual([{ host: "shadow.example", tab: 7 }]);
    expect(unlisted.isGuarded("shadow.example")).toBe(false);
  });
  it("is found by the stream that answers", () => {
    const { unlisted, found } = watching("report");
    unlisted.look(request("shadow.example", { text: "what do you think" }));
    expect(found).toEqual([]);
    unlisted.answered("1", "text/event-stream; charset=utf-8");
    expect(found.map(({ host }) => host)).toEqual(["shadow.example"]);
    unlisted.look(request("other.example", { text: "what do you think" }, { requestId: "2" }));
    unlisted.answered("2", "application/json");
    expect(found).toHaveLength(1);
  });
  it("is found by its host, ours or policy's, when it is opened", () => {
    const { unlisted, found } = watching("warn", ["*.chat.example"]);
    const opened = (host: string): never => ({ url: `https://${host}/`, method: "GET", type: "main_frame", tabId: 1, requestId: "1" }) as never;
    ["poe.example", "a.chat.example", "pi.ai"].forEach((host) => unlisted.look(opened(host)));
    expect(found.map(({ host }) => host)).toEqual(["a.chat.example", "pi.ai"]);
    expect(unlisted.isGuarded("b.chat.example")).toBe(true);
    expect(unlisted.guardedHosts).toContain("*.chat.example");
    expect(unlisted.isBlocked("pi.ai")).toBe(false);
  });
  it("is kept from sending where policy says so", () => {
    const { unlisted } = watching("block");
    expect(unlisted.look(request("shadow.example", prompt))).toBe(true);
    expect(unlisted.look(request("shadow.example", { page: 2 }))).toBe(false);
    expect(unlisted.isBlocked("shadow.example")).toBe(true);
  });
  it("is none where a list speaks, nor where policy looks away", () => {
    const { unlisted, found } = watching("block");
    expect(unlisted.look(request("chatgpt.com", prompt))).toBe(false);
    expect(unlisted.look(request("fine.example", prompt))).toBe(false);
    const { unlisted: away } = watching("ignore");
    expect(away.look(request("shadow.example", prompt))).toBe(false);
    expect(found).toEqual([]);
    expect(away.isUnlisted("pi.ai")).toBe(false);
    expect(away.guardedHosts).toEqual([]);
  });
});
