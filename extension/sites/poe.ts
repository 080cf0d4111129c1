// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "Poe",
  hosts: ["poe.com"],
  composer: 'textarea[class*=GrowingTextArea_textArea]',
};
