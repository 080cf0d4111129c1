// SPDX-License-Identifier: Apache-2.0
// A real agent and a small provider behind it, for official clients to talk to.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "build", process.env.GATEHOUSE_PRESET ?? "dev", "app", "gatehousectl");

export const CARD = "4111 1111 1111 1111";
export const TOKEN = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a";

const chunk = (delta, finish = null) => ({
  id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "any", choices: [{ index: 0, delta, finish_reason: finish }],
});

/** Echoes the last message; models "hang", "fail" and "tool" do what they say. `requests` is what arrived. */
export class Provider {
  requests = [];
  disconnects = 0;

  async start() {
    this.server = createServer((request, response) => this.#serve(request, response));
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.url = `http://127.0.0.1:${this.server.address().port}/v1`;
    return this;
  }

  async #serve(request, response) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = JSON.parse(Buffer.concat(pieces).toString() || "{}");
    this.requests.push({ headers: request.headers, body });
    response.on("close", () => { if (!response.writableFinished) this.disconnects++; });
    const text = body.messages?.at(-1)?.content ?? "";
    if (body.model === "fail") {
      response.writeHead(500, { "content-type": "application/json" }).end('{"error":{"message":"scripted","type":"server_error"}}');
    } else if (body.stream) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const letter of text) response.write(`data: ${JSON.stringify(chunk({ content: letter }))}\n\n`);
      if (body.model === "hang") return;
      if (body.stream_options?.include_usage) {
        const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
        response.write(`data: ${JSON.stringify({ ...chunk({}, "stop"), choices: [], usage })}\n\n`);
      }
      response.end(`data: ${JSON.stringify(chunk({}, "stop"))}\n\ndata: [DONE]\n\n`);
    } else if (body.model !== "hang") {
      const message = body.model === "tool"
        ? { role: "assistant", content: null, tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: JSON.stringify({ v: text }) } }] }
        : { role: "assistant", content: text };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({
        id: "chatcmpl-1", object: "chat.completion", created: 1, model: "any", choices: [{ index: 0, finish_reason: "stop", message }],
        usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } }));
    }
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

export class Agent {
  constructor(providerUrl, providers = {}, sections = {}) {
    this.folder = mkdtempSync(join(tmpdir(), "gh-"));
    this.policy = join(this.folder, "policy.json");
    writeFileSync(this.policy, JSON.stringify({
      meta: { id: "conformance", serial: 1 }, default: "allow",
      providers: { discovery: { enabled: false },
        scripted: { kind: "openai-compatible", base_url: providerUrl, trust: "approved", models: ["any", "hang", "fail", "tool"] }, ...providers },
      rules: [{ id: "secrets", when: { class: ["secret", "credential"] }, then: "block" },
        { id: "personal", when: { class: ["pii", "pci", "phi", "financial"] }, then: "redact" }],
      ...sections,
    }), { mode: 0o600 });
  }

  async start() {
    const environment = { ...process.env, XDG_RUNTIME_DIR: this.folder,
      GATEHOUSE_SOCKET: join(this.folder, "agent.sock"), DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent/bus" };
    this.process = spawn(program, ["serve", "--data", join(this.folder, "data"), "--policy", this.policy, "--port", "0",
      "--print-client-token"], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: this.process.stdout });
    const [line] = await Promise.race([once(lines, "line"),
      once(this.process, "exit").then(([code]) => { throw new Error(`the agent did not start: exit ${code}`); })]);
    const ready = JSON.parse(line);
    this.root = ready.base_url;
    this.baseURL = `${ready.base_url}/v1`;
    this.token = ready.client_token;
    return this;
  }

  async stop() {
    if (this.process.exitCode === null) {
      this.process.kill("SIGTERM");
      await once(this.process, "exit");
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The scripted provider of tests/support/vendors.py: it echoes in every vendor's interface. */
export class Vendors {
  async start() {
    this.process = spawn("python3", ["-m", "tests.support.vendors"], { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
    const [line] = await once(createInterface({ input: this.process.stdout }), "line");
    this.root = JSON.parse(line).root;
    return this;
  }

  /** Entries of a policy, by kind. */
  get providers() {
    const entry = (kind, path) => ({ kind, base_url: this.root + path, trust: "approved", models: ["*"] });
    return { compatible: entry("openai-compatible", "/v1"), openai: entry("openai", "/v1"), anthropic: entry("anthropic", "/v1"),
      ollama: entry("ollama", "/v1"), gemini: entry("gemini", "/v1beta"), bedrock: entry("bedrock", "") };
  }

  /** What arrived, oldest first. */
  async received() {
    const { data } = await (await fetch(`${this.root}/received/models`)).json();
    return data.map((each) => JSON.parse(each.id));
  }

  stop() {
    this.process.stdin.end();
  }
}
