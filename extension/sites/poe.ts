// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Poe",
  hosts: ["poe.com"],
  composer: "textarea[class*=GrowingTextArea_textArea]",
  send: "button[class*=ChatMessageSendButton]",
  prompts: ["/api/gql_POST*"],
  quiet: ["/api/receive_POST*"],
};
