// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Site } from "../sites/site";
import { depthOf, textsOf } from "../src/shared/texts";

const site: Site = { name: "A", hosts: ["a.example"], composer: "", send: "", prompts: ["/chat/*"], quiet: ["/log/*"], helpers: ["files.example"] };
const sentence = "this is a sentence that somebody wrote";

const texts = (body: string, path = "/chat/1", known: Site | undefined = site) => textsOf(known, "a.example", { url: `https://a.example${path}`, method: "POST", body });

describe("how closely a request is looked at", () => {
  it.each([
    ["https://a.example/chat/1", "deep"],
    ["https://a.example/settings", "light"],
    ["https://a.example/log/x", "none"],
    ["https://files.example/upload", "deep"],
    ["https://elsewhere.example/chat/1", "light"],
  ])("%s: %s", (url, depth) => {
    expect(depthOf(site, "a.example", url)).toBe(depth);
  });
  it("an unknown site: closely", () => {
    expect(depthOf(undefined, "b.example", "https://b.example/x")).toBe("deep");
  });
  it("the rest of a host that is more than the site: not at all", () => {
    expect(depthOf({ ...site, paths: ["/chat*"] }, "a.example", "https://a.example/settings")).toBe("none");
  });
});

describe("texts", () => {
  it.each([
    ["plain", "Hunter2!", ["Hunter2!"]],
    ["JSON", '{"a":[{"b":"Some text"},5,null,true]}', ["Some text"]],
    ["JSON in JSON", JSON.stringify({ a: JSON.stringify([null, JSON.stringify(["In here"])]) }), ["In here"]],
    ["a JSON string", '"Just this"', ["Just this"]],
    ["records as SignalR has them", '{"arguments":["One text"]}\u001e{"type":6,"x":"Other text"}\u001e', ["One text", "Other text"]],
    ["lines of JSON", '{"x":"One text"}\n{"x":"Other text"}\n', ["One text", "Other text"]],
    ["fields", "f.req=" + encodeURIComponent(JSON.stringify([["In a field"]])) + "&at=x", ["In a field"]],
    ["parts", '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nA part\r\nof lines\r\n--B--\r\n', ["A part\r\nof lines"]],
    ["what is readable in bytes", "\u0001\u0000FORBIDDEN text\u0000\u0002ab", ["FORBIDDEN text"]],
    ["broken JSON", '{"a":"FORBIDDEN"', ['{"a":"FORBIDDEN"']],
    ["a key", '{"Some secret key":1}', ["Some secret key"]],
  ])("%s", (_name, body, expected) => {
    expect(texts(body).filter((text) => text !== "f.req")).toEqual(expected);
  });
  it("too deep to look into are taken as they are", () => {
    let value: unknown = "FORBIDDEN";
    for (let i = 0; i < 40; i += 1) {
      value = [value];
    }
    expect(texts(JSON.stringify(value)).join()).toContain("FORBIDDEN");
  });
  it("leave out names, identifiers, times and tokens", () => {
    const body = { action: "next", type: "text/plain", model: "gpt-4o-mini", id: crypto.randomUUID(), at: "2024-05-06T07:08:09.123Z", token: "aB3".repeat(100), x: "" };
    expect(texts(JSON.stringify(body))).toEqual([]);
  });
  it("leave out what a person signs in with, unless it is more than a word", () => {
    expect(texts(JSON.stringify({ password: "Hunter2!", csrf_token: "Ab12!" }))).toEqual([]);
    expect(texts("Name=Ada&password=Hunter2%21")).toEqual(["Name", "Ada"]);
    expect(texts(JSON.stringify({ password: "Hunter2! and more" }))).toEqual(["Hunter2! and more"]);
    expect(texts(JSON.stringify({ password: ["Hunter2!", "More!"] }))).toEqual(["Hunter2!", "More!"]);
  });
  it("are whole sentences only where no prompt goes", () => {
    expect(texts(JSON.stringify({ a: "Hunter2!", b: sentence }), "/settings")).toEqual([sentence]);
  });
  it("are looked for in the address, too", () => {
    expect(textsOf(site, "a.example", { url: `https://elsewhere.example/?q=${encodeURIComponent(sentence)}`, method: "GET", body: "" })).toEqual([sentence]);
  });
  it.each([
    ["https://a.example/chat/1?q=two+words", ["two words"]],
    ["https://a.example/chat/1?Prompt=two%20words", ["two words"]],
    ["https://a.example/chat/1?q=word", []],
    ["https://a.example/chat/1?sort=two+words", []],
    [`https://a.example/chat/${encodeURIComponent(sentence)}`, [sentence]],
    ["https://a.example/chat/%E0%A4%A?q=two+words", ["two words"]],
    [`https://a.example/log/x?q=${encodeURIComponent(sentence)}`, []],
  ])("in an address: %s", (url, expected) => {
    expect(textsOf(site, "a.example", { url, method: "GET", body: "" })).toEqual(expected);
  });
  it("are none where measurements go", () => {
    expect(texts(sentence, "/log/x")).toEqual([]);
  });
  it("that are many are one", () => {
    const many = Array.from({ length: 3000 }, (_, i) => `Text ${i}`);
    expect(texts(JSON.stringify(many))).toEqual([many.join("\n")]);
  });
});
