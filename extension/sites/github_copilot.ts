// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "GitHub Copilot chat",
  hosts: ["github.com"],
  composer: "#copilot-chat-textarea, textarea[placeholder*=Copilot]",
  send: "button[aria-label*=Send]",
  prompts: ["/copilot/*", "/github-copilot/*"],
  quiet: ["/_private/browser/*"],
  helpers: ["api.githubcopilot.com", "api.individual.githubcopilot.com", "*.githubcopilot.com"],
  paths: ["/copilot*", "/github-copilot*"],
};
