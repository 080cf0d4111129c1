// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Z.ai",
  hosts: ["chat.z.ai"],
  composer: "#chat-input",
  send: "#send-message-button",
  prompts: ["/api/chat/*", "/api/v2/chat/*"],
};
