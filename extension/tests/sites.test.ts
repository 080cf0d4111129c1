// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { sites } from "../sites/index";
import { unlistedHosts } from "../sites/unlisted";
import { isGuarded, siteOf } from "../src/shared/site_match";

// What is guarded without a word of any policy.
const kGuarded = {
  ChatGPT: "chatgpt.com",
  Claude: "claude.ai",
  Gemini: "gemini.google.com",
  Copilot: "copilot.microsoft.com",
  "Microsoft 365 Copilot": "m365.cloud.microsoft",
  Perplexity: "www.perplexity.ai",
  DeepSeek: "chat.deepseek.com",
  Grok: "grok.com",
  "Le Chat": "chat.mistral.ai",
  Poe: "poe.com",
  HuggingChat: "huggingface.co",
  "Meta AI": "www.meta.ai",
  Qwen: "chat.qwen.ai",
  "Z.ai": "chat.z.ai",
  Kimi: "www.kimi.com",
  NotebookLM: "notebooklm.google.com",
  "GitHub Copilot chat": "github.com",
  "Google AI Studio": "aistudio.google.com",
};

describe.each(Object.entries(kGuarded))("%s", (name, host) => {
  const site = siteOf(host, undefined, sites);
  it("is guarded by itself, with what is known of it", () => {
    expect(isGuarded(host, undefined, sites)).toBe(true);
    expect(site?.name).toBe(name);
    expect(site?.composer).not.toBe("");
    expect(site?.send).not.toBe("");
    // Where its prompts go: paths of its own, or other hosts; every path begins at the root.
    expect((site?.prompts ?? site?.helpers ?? []).length).toBeGreaterThan(0);
    for (const path of [...(site?.prompts ?? []), ...(site?.quiet ?? []), ...(site?.paths ?? [])]) {
      expect(path).toMatch(/^\//);
    }
  });
});

it("no host is listed twice, and none is guarded and unlisted at once", () => {
  const hosts = sites.flatMap((site) => site.hosts);
  expect(new Set(hosts).size).toBe(hosts.length);
  expect(unlistedHosts.filter((host) => hosts.includes(host))).toEqual([]);
});
