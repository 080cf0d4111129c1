// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Google AI Studio",
  hosts: ["aistudio.google.com"],
  composer: "ms-prompt-input-wrapper textarea, ms-autosize-textarea textarea",
  send: "button[aria-label=Run], run-button button",
  quiet: ["/log*", "/play/log*"],
  helpers: ["alkalimakersuite-pa.clients6.google.com"],
};
