// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";
import { site as aistudio } from "./aistudio";
import { site as chatgpt } from "./chatgpt";
import { site as claude } from "./claude";
import { site as copilot } from "./copilot";
import { site as deepseek } from "./deepseek";
import { site as gemini } from "./gemini";
import { site as githubCopilot } from "./github_copilot";
import { site as grok } from "./grok";
import { site as huggingchat } from "./huggingchat";
import { site as kimi } from "./kimi";
import { site as m365Copilot } from "./m365_copilot";
import { site as metaAi } from "./meta_ai";
import { site as mistral } from "./mistral";
import { site as notebooklm } from "./notebooklm";
import { site as perplexity } from "./perplexity";
import { site as poe } from "./poe";
import { site as qwen } from "./qwen";
import { site as zai } from "./zai";

// Every site that is guarded by itself, one file each. A site joins by a file here and a line below.
export const sites: readonly Site[] = [
  aistudio,
  chatgpt,
  claude,
  copilot,
  deepseek,
  gemini,
  githubCopilot,
  grok,
  huggingchat,
  kimi,
  m365Copilot,
  metaAi,
  mistral,
  notebooklm,
  perplexity,
  poe,
  qwen,
  zai,
];
