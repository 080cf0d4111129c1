// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Kimi",
  hosts: ["www.kimi.com", "kimi.com", "kimi.moonshot.cn"],
  composer: "div.chat-input-editor, div[contenteditable=true][data-lexical-editor]",
  send: "div.send-button-container, .send-button",
  prompts: ["/api/chat/*", "/apiv2/*"],
};
