// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";
import { site as chatgpt } from "./chatgpt";
import { site as claude } from "./claude";
import { site as copilot } from "./copilot";
import { site as deepseek } from "./deepseek";
import { site as gemini } from "./gemini";
import { site as grok } from "./grok";
import { site as huggingchat } from "./huggingchat";
import { site as m365Copilot } from "./m365_copilot";
import { site as metaAi } from "./meta_ai";
import { site as mistral } from "./mistral";
import { site as perplexity } from "./perplexity";
import { site as poe } from "./poe";
import { site as qwen } from "./qwen";
import { site as zai } from "./zai";

// Every site on which pastes are held, one file each. A site joins by a file here and a line below.
export const sites: readonly Site[] = [
  chatgpt,
  claude,
  copilot,
  deepseek,
  gemini,
  grok,
  huggingchat,
  m365Copilot,
  metaAi,
  mistral,
  perplexity,
  poe,
  qwen,
  zai,
];
