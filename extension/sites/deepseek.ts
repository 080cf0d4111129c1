// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "DeepSeek",
  hosts: ["chat.deepseek.com"],
  composer: "#chat-input, textarea",
  send: ".ds-button, div[role=button].ds-icon-button",
  prompts: ["/api/v0/chat/*"],
  quiet: ["/api/v0/client/*"],
};
