// SPDX-License-Identifier: Apache-2.0
// Hosts of AI sites and playgrounds that are not guarded by themselves. What a person opens there is what policy calls
// `unlisted`: reported, warned of and guarded, or blocked. A policy adds its own (`ai_hosts`).
export const unlistedHosts: readonly string[] = [
  "character.ai",
  "*.character.ai",
  "chat.lmsys.org",
  "chat.reka.ai",
  "console.anthropic.com",
  "console.groq.com",
  "dashboard.cohere.com",
  "duck.ai",
  "felo.ai",
  "labs.perplexity.ai",
  "lmarena.ai",
  "openrouter.ai",
  "phind.com",
  "www.phind.com",
  "pi.ai",
  "platform.openai.com",
  "venice.ai",
  "www.doubao.com",
  "www.genspark.ai",
  "yiyan.baidu.com",
  "you.com",
];
