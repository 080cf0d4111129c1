// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "NotebookLM",
  hosts: ["notebooklm.google.com"],
  composer: "query-box textarea, textarea.query-box-input",
  send: "query-box button[type=submit], button.submit-button",
  prompts: ["/_/LabsTailwindUi/data/*"],
  quiet: ["/log*", "/play/log*"],
};
