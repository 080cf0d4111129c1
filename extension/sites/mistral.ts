// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Le Chat",
  hosts: ["chat.mistral.ai"],
  composer: 'div.ProseMirror, textarea[name="message.text"]',
  send: "form button[type=submit]",
  prompts: ["/api/chat*", "/api/trpc/*"],
};
