// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Gemini",
  hosts: ["gemini.google.com", "aistudio.google.com"],
  composer: 'rich-textarea div.ql-editor',
};
