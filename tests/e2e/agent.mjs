// SPDX-License-Identifier: Apache-2.0
// A real agent (gatehousectl serve) with a data folder and a policy of its own.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { program } from "./browser.mjs";

// One word list for each thing that can happen; what the words stand for is no matter here.
const words = (id, ...list) => ({ id, class: "confidential", words: list });
const rule = (id, then, message) => ({ id, when: { detector: `custom.policy.${id}` }, then, message });

export const policy = {
  meta: { id: "e2e" },
  default: "allow",
  detectors: { words: [words("codename", "SECRET"), words("stop", "FORBIDDEN"), words("ask", "CAREFUL"), words("why", "REASON")] },
  rules: [
    rule("stop", "block", "This word stays inside."),
    rule("why", "justify", "Say why this site needs it."),
    rule("ask", "warn", "This looks confidential."),
    rule("codename", "redact", "Code names are replaced."),
    { id: "cards", when: { class: ["pci", "pii", "secret", "credential"] }, then: "redact" },
  ],
  sites: [{ name: "ChatGPT", hosts: ["chatgpt.com"] }],
};

export function socketOf(folder) {
  return join(folder, "run/agent.sock");
}

// `machine`: a folder in the place of the machine's own policy folder.
export async function startAgent(folder, document = policy, { machine } = {}) {
  mkdirSync(join(folder, "data"), { recursive: true });
  const file = join(folder, "policy.json");
  writeFileSync(file, JSON.stringify(document, null, 2));
  const data = join(folder, "data");
  const environment = { ...process.env, GATEHOUSE_SOCKET: socketOf(folder), GATEHOUSE_DATA: data };
  const options = ["serve", "--data", data, "--policy", file, "--port", "0", ...(machine ? ["--machine", machine] : [])];
  const child = spawn(program("app/gatehousectl"), options, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const agent = agentOf(child, data, environment);
  const ready = await new Promise((resolve) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", () => resolve(undefined));
  });
  if (ready === undefined) {
    throw new Error(`the agent did not start:\n${agent.log()}`);
  }
  return agent;
}

// What tests do with a process that is an agent.
export function agentOf(child, data, environment) {
  let log = "";
  child.stderr.on("data", (chunk) => (log += chunk));
  const gone = new Promise((resolve) => child.once("exit", resolve));
  return {
    log: () => log,
    pause: () => child.kill("SIGSTOP"),
    resume: () => child.kill("SIGCONT"),
    audit: () => JSON.parse(execFileSync(program("app/gatehousectl"), ["audit", "list", "--data", data, "--json", "--limit", "50"], { env: environment, encoding: "utf8" })),
    stop: async () => {
      child.kill("SIGTERM");
      const hard = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(hard);
    },
  };
}
