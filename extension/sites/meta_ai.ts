// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Meta AI",
  hosts: ["www.meta.ai", "meta.ai"],
  composer: "div[contenteditable=true][role=textbox], textarea",
  send: "div[role=button][aria-label*=Send], button[aria-label*=Send]",
  prompts: ["/api/graphql*"],
  quiet: ["/ajax/bz*"],
  helpers: ["graph.meta.ai"],
};
