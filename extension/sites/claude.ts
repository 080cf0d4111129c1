// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Claude",
  hosts: ["claude.ai"],
  composer: 'div.tiptap.ProseMirror, div[data-testid=chat-input]',
};
