// SPDX-License-Identifier: Apache-2.0
// A browser whose native host is scripted_host.mjs, for an agent that knows the clipboard without a desktop.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { extensionId, isFirefox, openBrowser } from "./browser.mjs";
import { until } from "./person.mjs";

export class ScriptedAgent {
  constructor(folder) {
    this.folder = folder;
    this.script = join(folder, "clip.json");
  }
  async openBrowser(port) {
    this.#write({ text: "" });
    const host = join(this.folder, "host.sh");
    writeFileSync(host, `#!/bin/sh\nGATEHOUSE_SCRIPT='${this.script}' exec '${process.execPath}' '${join(import.meta.dirname, "scripted_host.mjs")}'\n`);
    chmodSync(host, 0o755);
    const manifests = join(this.folder, isFirefox ? ".mozilla/native-messaging-hosts" : "profile/NativeMessagingHosts");
    mkdirSync(manifests, { recursive: true });
    const caller = isFirefox ? { allowed_extensions: ["gatehouse@gatehouse.example"] } : { allowed_origins: [`chrome-extension://${extensionId}/`] };
    const manifest = { name: "com.gatehouse.agent", description: "A scripted agent", path: host, type: "stdio", ...caller };
    writeFileSync(join(manifests, "com.gatehouse.agent.json"), JSON.stringify(manifest));
    return openBrowser({ folder: this.folder, port, socket: "", hasHost: false });
  }
  // In one piece: the host may look at any moment.
  #write(clip) {
    writeFileSync(`${this.script}.new`, JSON.stringify(clip));
    renameSync(`${this.script}.new`, this.script);
  }
  // How many lines of its diary begin so.
  count(line) {
    const log = existsSync(`${this.script}.log`) ? readFileSync(`${this.script}.log`, "utf8").split("\n") : [];
    return log.filter((each) => each.startsWith(line)).length;
  }
  async sees(clip) {
    const before = this.count("clip");
    this.#write(clip);
    await until(() => this.count("clip") > before, "the agent's word on the clipboard");
  }
}
