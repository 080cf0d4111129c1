// SPDX-License-Identifier: Apache-2.0
// What browsers read to learn of a new version, as IT puts it on a server of its own.
import { createHash } from "node:crypto";

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/'/g, "&apos;");

// For Chromium's relatives (the protocol of Omaha, as the extension's updater reads it).
export function updateXml({ id, version, address }) {
  return `<?xml version='1.0' encoding='UTF-8'?>
<gupdate xmlns='http://www.google.com/update2/response' protocol='2.0'>
  <app appid='${id}'>
    <updatecheck codebase='${escape(address)}' version='${version}'/>
  </app>
</gupdate>
`;
}

export function updatesJson({ id, version, address, bytes }) {
  const hash = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return JSON.stringify({ addons: { [id]: { updates: [{ version, update_link: address, update_hash: hash }] } } }, null, 2) + "\n";
}
