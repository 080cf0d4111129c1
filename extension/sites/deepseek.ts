// SPDX-License-Identifier: Apache-2.0
import type { Site } from "./site";

export const site: Site = {
  name: "DeepSeek",
  hosts: ["chat.deepseek.com"],
  composer: 'textarea',
};
