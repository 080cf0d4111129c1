// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Copilot",
  hosts: ["copilot.microsoft.com"],
  composer: "#userInput, textarea[data-testid=composer-input]",
  send: "button[data-testid=submit-button], button[aria-label*=Submit]",
  prompts: ["/c/api/*"],
  quiet: ["/cl/*", "/collect*"],
};
