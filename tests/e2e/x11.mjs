// SPDX-License-Identifier: Apache-2.0
// An X server of the test's own: real keys, a real mouse, the real clipboard and primary selection, and the tray program.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { agentOf, policy, socketOf } from "./agent.mjs";
import { program } from "./browser.mjs";
import { until } from "./person.mjs";

const kPatience = 2_000;
const kTools = ["Xvfb", "xdotool", "xclip", "trayer"];

// Why a test must be left out, or false.
export function whyNot() {
  const missing = kTools.find((tool) => spawnSync("which", [tool]).status !== 0);
  if (missing) {
    return `${missing} is not installed`;
  }
  return existsSync(program("app/gatehouse")) ? false : "the tray program is not built";
}

export class Display {
  #children = [];

  static async start() {
    const display = new Display();
    const server = display.#spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1200x900x24", "-nolisten", "tcp"], ["ignore", "ignore", "ignore", "pipe"]);
    const number = await new Promise((resolve) => {
      createInterface({ input: server.stdio[3] }).once("line", resolve);
      server.once("exit", () => resolve(undefined));
    });
    if (number === undefined) {
      throw new Error("the X server did not start");
    }
    display.environment = { DISPLAY: `:${number}`, QT_QPA_PLATFORM: "xcb", WAYLAND_DISPLAY: "", DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" }; // nobody starts one
    display.#spawn("trayer", ["--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "28"], "ignore");
    return display;
  }
  #spawn(command, options, stdio) {
    const child = spawn(command, options, { stdio, env: { ...process.env, ...this.environment } });
    this.#children.push(child);
    return child;
  }
  // What another program copied; it holds the selection ("clipboard" or "primary") until somebody else does, and ends then. It is
  // not ended before: who asks a holder that goes away may wait for ever.
  async hold(selection, text) {
    const child = this.#spawn("xclip", ["-quiet", "-selection", selection, "-i"], ["pipe", "ignore", "ignore"]);
    child.stdin.end(text);
    await until(() => this.#read(selection) === text, `the ${selection}`);
  }
  #read(selection) {
    const options = { encoding: "utf8", timeout: kPatience, env: { ...process.env, ...this.environment } };
    return spawnSync("xclip", ["-selection", selection, "-o"], options).stdout;
  }
  do(...words) {
    execFileSync("xdotool", words, { stdio: "ignore", timeout: 10 * kPatience, env: { ...process.env, ...this.environment } });
  }
  press(keys) {
    this.do("key", "--clearmodifiers", keys);
  }
  // A click of the mouse on what stands in a page; 2 is the middle button.
  async click(page, selector, button = 1) {
    const { x, y } = await page.$eval(selector, (element) => {
      const box = element.getBoundingClientRect();
      const frame = { x: (outerWidth - innerWidth) / 2, y: outerHeight - innerHeight };
      return { x: Math.round(screenX + frame.x + box.x + box.width / 2), y: Math.round(screenY + frame.y + box.y + Math.min(box.height / 2, 12)) };
    });
    this.do("mousemove", String(x), String(y), "click", String(button));
  }
  stop() {
    this.#children.reverse().forEach((child) => child.kill());
  }
}

// The tray program, which watches the clipboard of the display.
export async function startTray(folder, display, document = policy) {
  const data = join(folder, "data");
  mkdirSync(data, { recursive: true });
  mkdirSync(join(folder, "run"), { recursive: true, mode: 0o700 });
  const file = join(folder, "policy.json");
  writeFileSync(file, JSON.stringify(document, null, 2));
  const places = { XDG_RUNTIME_DIR: join(folder, "run"), GATEHOUSE_SOCKET: socketOf(folder), GATEHOUSE_DATA: data, GATEHOUSE_KEYRING: "off" };
  const environment = { ...process.env, ...display.environment, ...places };
  const child = spawn(program("app/gatehouse"), ["--background", "--data", data, "--policy", file, "--port", "0"], { env: environment, stdio: ["ignore", "ignore", "pipe"] });
  const agent = agentOf(child, data, environment);
  try {
    await until(() => child.exitCode !== null || existsSync(socketOf(folder)), "the tray program");
    if (child.exitCode !== null) {
      throw new Error("the tray program ended");
    }
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`${error.message}:\n${agent.log()}`);
  }
  return agent;
}
