// SPDX-License-Identifier: Apache-2.0
// What we know about one AI site. Data only: the hosts decide where the extension runs (build.mjs writes them into the
// manifest), the selector says where people type.
export interface Site {
  name: string;
  hosts: readonly string[]; // "chatgpt.com"; "*.example.com" means the subdomains
  composer: string; // CSS selector of the editor
}
