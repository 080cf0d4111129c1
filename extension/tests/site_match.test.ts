// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sites } from "../sites/index";
import { isGuarded, matchesHost, matchesPath, siteOf } from "../src/shared/site_match";

describe("hosts", () => {
  it.each([
    ["chatgpt.com", "chatgpt.com", true],
    ["chatgpt.com", "ChatGPT.com", true],
    ["chatgpt.com", "chatgpt.com.", true],
    ["chatgpt.com", "evil-chatgpt.com", false],
    ["chatgpt.com", "chatgpt.com.evil.example", false],
    ["chatgpt.com", "a.chatgpt.com", false],
    ["*.example.com", "a.example.com", true],
    ["*.example.com", "a.b.example.com", true],
    ["*.example.com", "example.com", false],
    ["*.example.com", "badexample.com", false],
  ])("%s against %s: %s", (pattern, host, expected) => {
    expect(matchesHost(pattern, host)).toBe(expected);
  });
});

describe("what is known of a host", () => {
  it("is our own list where policy is silent", () => {
    expect(siteOf("chatgpt.com", [{ hosts: ["a.example"], guarded: true }], sites)).toBe(sites.find((site) => site.name === "ChatGPT"));
    expect(siteOf("news.example", [], sites)).toBeUndefined();
  });
  it("is over it what policy says, and not more", () => {
    const site = siteOf("chatgpt.com", [{ hosts: ["chatgpt.com"], guarded: true, composer: "#new" }], sites);
    expect(site?.composer).toBe("#new");
    expect(site?.send).toContain("send-button");
  });
  it("is what policy says of a host that we have not heard of", () => {
    const site = siteOf("ai.a.example", [{ hosts: ["*.a.example"], guarded: true, prompts: ["/ask"] }], sites);
    expect(site).toEqual({ name: "ai.a.example", composer: "", send: "", hosts: ["*.a.example"], prompts: ["/ask"] });
  });
});

describe("paths", () => {
  it.each([
    ["/a/*", "/a/b/c", true],
    ["/a/*", "/a", false],
    ["/a*", "/a", true],
    ["/a", "/a", true],
    ["/a", "/a/b", false],
    ["/x/*/y*", "/x/1/y?z", true],
    ["/x/*/y", "/x/1/y/z", false],
    ["/x/*/y", "/x/y", false],
    ["/ab*ba", "/aba", false],
  ])("%s against %s: %s", (pattern, path, expected) => {
    expect(matchesPath([pattern], path)).toBe(expected);
  });
});

describe("guarded sites", () => {
  it("guards its own list when no policy is known", () => {
    expect(isGuarded("chatgpt.com", undefined, sites)).toBe(true);
    expect(isGuarded("news.example", undefined, sites)).toBe(false);
  });
  it("lets policy add and remove sites", () => {
    const policy = [{ hosts: ["*.intranet.example"], guarded: true }, { hosts: ["chatgpt.com"], guarded: false }];
    expect(isGuarded("ai.intranet.example", policy, sites)).toBe(true);
    expect(isGuarded("chatgpt.com", policy, sites)).toBe(false);
    expect(isGuarded("claude.ai", policy, sites)).toBe(true);
  });
  it("takes the first entry that names the host", () => {
    const policy = [{ hosts: ["chatgpt.com"], guarded: true }, { hosts: ["chatgpt.com"], guarded: false }];
    expect(isGuarded("chatgpt.com", policy, [])).toBe(true);
  });
});

describe("the list of sites", () => {
  it("names each host once, and each has a composer", () => {
    const hosts = sites.flatMap((site) => site.hosts);
    expect(new Set(hosts).size).toBe(hosts.length);
    expect(sites.every((site) => site.composer.length > 0)).toBe(true);
  });
  it("holds hosts only, in lower case", () => {
    for (const host of sites.flatMap((site) => site.hosts)) {
      expect(host).toMatch(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/);
    }
  });
  it("holds paths that begin with a slash, and helpers that are hosts", () => {
    for (const site of sites) {
      for (const path of [...(site.prompts ?? []), ...(site.quiet ?? []), ...(site.paths ?? [])]) {
        expect(path).toMatch(/^\//);
      }
      for (const host of site.helpers ?? []) {
        expect(host).toMatch(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/);
      }
    }
  });
  it("leaves no file in the folder out", () => {
    const index = readFileSync(new URL("../sites/index.ts", import.meta.url), "utf8");
    expect(index.match(/import \{ site as /g)).toHaveLength(sites.length);
  });
});
