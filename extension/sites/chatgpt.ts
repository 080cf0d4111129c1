// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "ChatGPT",
  hosts: ["chatgpt.com", "chat.openai.com"],
  composer: '#prompt-textarea',
};
