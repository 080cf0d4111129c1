// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Claude",
  hosts: ["claude.ai"],
  composer: "div.tiptap.ProseMirror, div[data-testid=chat-input]",
  send: '[data-testid=chat-input-send], button[aria-label="Send message"]',
  prompts: ["/api/organizations/*/chat_conversations*", "/api/organizations/*/convert_document*"],
  quiet: ["/api/event_logging/*"],
};
