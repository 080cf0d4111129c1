// SPDX-License-Identifier: Apache-2.0
// What we know about one AI site. Data only: the hosts decide where the extension runs (build.mjs writes them into the
// manifest), the selectors say where people type and what sends it, the paths which requests carry it. A policy may say
// each of these anew, and add sites (shared/site_match.ts). In a path, "*" is any
// run of characters. What is not known is guessed (src/content/composer.ts) or looked at more closely (src/shared/texts.ts).
export interface Site {
  name: string;
  hosts: readonly string[]; // "chatgpt.com"; "*.example.com" means the subdomains
  composer: string; // CSS selector of the editors; empty: unknown
  send: string; // CSS selector of the buttons that send; empty: unknown
  prompts?: readonly string[]; // paths of the requests that carry what people write; unknown: any may
  quiet?: readonly string[]; // paths of measurements, which carry nothing that people write
  helpers?: readonly string[]; // other hosts that the site's own scripts send prompts and files to
  paths?: readonly string[]; // where on the host the site is; unknown: everywhere
}
