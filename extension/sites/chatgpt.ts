// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "ChatGPT",
  hosts: ["chatgpt.com", "chat.openai.com"],
  composer: "#prompt-textarea",
  send: "[data-testid=send-button], #composer-submit-button",
  prompts: ["/backend-api/f/conversation*", "/backend-api/conversation*", "/backend-anon/*conversation*", "/unauth-mweb/*"],
  quiet: ["/ces/*", "/backend-api/sentinel/*", "/backend-anon/sentinel/*", "/backend-api/lat/*"],
  helpers: ["*.oaiusercontent.com"],
};
