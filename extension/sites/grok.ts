// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Grok",
  hosts: ["grok.com"],
  composer: "div.tiptap.ProseMirror, .query-bar-editor, textarea",
  send: "button[aria-label=Submit]",
  prompts: ["/rest/app-chat/*"],
  quiet: ["/rest/log*"],
};
