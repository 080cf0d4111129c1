// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "HuggingChat",
  hosts: ["huggingface.co"],
  composer: "textarea",
  send: "form button[type=submit]",
  prompts: ["/chat/conversation*"],
  paths: ["/chat*"],
};
