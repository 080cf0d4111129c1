// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Microsoft 365 Copilot",
  hosts: ["m365.cloud.microsoft"],
  composer: "#m365-chat-editor-target-element",
  send: "button.fai-SendButton, button[type=submit]",
  quiet: ["/collect*", "/OneCollector/*"],
  helpers: ["substrate.office.com"],
};
