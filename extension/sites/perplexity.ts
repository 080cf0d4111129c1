// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Perplexity",
  hosts: ["www.perplexity.ai"],
  composer: "#ask-input",
  send: "button[aria-label=Submit]",
  prompts: ["/rest/sse/*"],
  quiet: ["/rest/event/*"],
};
