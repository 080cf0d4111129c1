// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Grok",
  hosts: ["grok.com"],
  composer: 'div.tiptap.ProseMirror, textarea',
};
