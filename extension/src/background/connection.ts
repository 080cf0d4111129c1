// SPDX-License-Identifier: Apache-2.0
// The one connection of this browser profile to the agent, by way of the native host. Opened when somebody asks, opened
// again when it breaks; every question gets exactly one answer.
import { isFields, kVersion } from "../shared/protocol";

export interface Port {
  postMessage(message: unknown): void;
  disconnect(): void;
  onMessage: { addListener(listener: (message: unknown) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}

export type Reply = { state: "answered"; message: Record<string, unknown> } | { state: "down" } | { state: "timeout" };

export interface ConnectionOptions {
  open: () => Port;
  hello: () => Promise<Record<string, unknown>>;
  onPolicy: (policy: unknown) => void;
  onState: (isUp: boolean) => void;
  onClip?: (clip: Record<string, unknown>) => void; // what the agent says about the clipboard
}

const kPendingLimit = 256;
const kBackoff = [200, 1000, 5000, 15000];

interface Pending {
  resolve: (reply: Reply) => void;
  timer: ReturnType<typeof setTimeout>;
}

export class Connection {
  private port: Port | undefined;
  private readonly pending = new Map<string, Pending>();
  private readonly prefix = Math.random().toString(36).slice(2, 8);
  private counter = 0;
  private failures = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private opening: Promise<Port | undefined> | undefined;
  isUp = false;
  agentVersion = "";

  constructor(private readonly options: ConnectionOptions) {}

  // Asks and waits at most `limit` milliseconds.
  async ask(message: Record<string, unknown>, limit: number): Promise<Reply> {
    const port = await this.connected();
    if (!port || this.pending.size >= kPendingLimit) {
      return { state: "down" };
    }
    return this.send(port, message, limit);
  }

  // Says something that has no answer; lost when nobody is there.
  async tell(message: Record<string, unknown>): Promise<boolean> {
    const port = await this.connected();
    return port !== undefined && this.isUp && this.post(port, { v: kVersion, ...message });
  }

  async connected(): Promise<Port | undefined> {
    this.opening ??= this.open();
    return this.opening;
  }

  // Ends when the agent greeted, or is known not to be there.
  async settled(): Promise<void> {
    await this.ask({ type: "ping" }, 2000);
  }

  private async open(): Promise<Port | undefined> {
    clearTimeout(this.retry);
    try {
      const hello = await this.options.hello();
      const port = this.options.open();
      this.port = port;
      port.onMessage.addListener((message) => this.receive(port, message));
      port.onDisconnect.addListener(() => this.lost(port));
      // Not awaited: the agent reads in order, so that questions may follow at once.
      void this.send(port, { type: "hello", ...hello }, 2000);
      return port;
    } catch {
      this.opening = undefined;
      return undefined;
    }
  }

  private send(port: Port, message: Record<string, unknown>, limit: number): Promise<Reply> {
    const id = `${this.prefix}-${++this.counter}`;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.settle(id, { state: "timeout" }), limit);
      this.pending.set(id, { resolve, timer });
      if (!this.post(port, { v: kVersion, id, ...message })) {
        this.settle(id, { state: "down" });
      }
    });
  }

  private post(port: Port, message: unknown): boolean {
    try {
      port.postMessage(message);
      return true;
    } catch {
      return false;
    }
  }

  private settle(id: string, reply: Reply): void {
    const waiting = this.pending.get(id);
    if (waiting) {
      this.pending.delete(id);
      clearTimeout(waiting.timer);
      waiting.resolve(reply);
    }
  }

  private receive(port: Port, message: unknown): void {
    if (port !== this.port || !isFields(message) || message.v !== kVersion) {
      return;
    }
    if (message.type === "status" && message.agent === "down") {
      this.agentGone();
      return;
    }
    if (message.type === "hello_ok") {
      this.failures = 0;
      this.agentVersion = typeof message.agentVersion === "string" ? message.agentVersion : "";
      this.options.onPolicy(message.policy);
      this.setUp(true);
    } else if (message.type === "push" && message.what === "policy") {
      this.options.onPolicy(message.policy);
    } else if (message.type === "push" && message.what === "clip") {
      this.options.onClip?.(message);
    }
    if (message.type === "error" && message.error === "agent_down") {
      this.setUp(false);
      if (typeof message.id === "string") {
        this.settle(message.id, { state: "down" });
      }
    } else if (typeof message.id === "string") {
      this.settle(message.id, { state: "answered", message });
    }
  }

  // The host stays and greets the agent again by itself; what was asked meanwhile is lost.
  private agentGone(): void {
    this.setUp(false);
    for (const id of [...this.pending.keys()]) {
      this.settle(id, { state: "down" });
    }
  }

  private lost(port: Port): void {
    if (port !== this.port) {
      return;
    }
    void chrome.runtime?.lastError; // reading it keeps the browser's log quiet
    this.port = undefined;
    this.opening = undefined;
    this.agentGone();
    const delay = kBackoff[Math.min(this.failures, kBackoff.length - 1)];
    this.failures += 1;
    this.retry = setTimeout(() => void this.connected(), delay);
  }

  private setUp(isUp: boolean): void {
    if (this.isUp !== isUp) {
      this.isUp = isUp;
      this.options.onState(isUp);
    }
  }
}
