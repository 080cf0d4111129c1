// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Qwen",
  hosts: ["chat.qwen.ai"],
  composer: "textarea.message-input-textarea, #chat-input",
  send: "#send-message-button, button.send-button",
  prompts: ["/api/v2/chat/*", "/api/chat/*"],
};
