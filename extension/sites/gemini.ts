// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Gemini",
  hosts: ["gemini.google.com"],
  composer: "rich-textarea div.ql-editor",
  send: "button.send-button",
  prompts: ["/_/BardChatUi/data/*", "/u/*/_/BardChatUi/data/*"],
  quiet: ["/_/BardChatUi/jserror*", "/log*", "/play/log*"],
  helpers: ["content-push.googleapis.com"],
};
