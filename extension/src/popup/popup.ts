// SPDX-License-Identifier: Apache-2.0
import type { Health } from "../shared/messages";
import { viewOf } from "./view";

function place(id: string, ...lines: (string | Node)[]): void {
  document.getElementById(id)?.replaceChildren(...lines);
}

function make(name: string, text: string, kind = ""): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  element.className = kind;
  return element;
}

const kTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

async function show(): Promise<void> {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  const asked = chrome.runtime.sendMessage({ type: "health", url: tab?.url ?? "" }) as Promise<Health | undefined>;
  const view = viewOf(await asked.catch(() => undefined), (at) => kTime.format(at));
  document.body.className = view.tone;
  place("agent", view.agent);
  place("page", view.page);
  place("more", ...view.more.map((line) => make("p", line)));
  const rows = view.decisions.map(({ when, what, found, tone }) => {
    const row = make("li", "", tone);
    row.append(make("time", when), make("span", what), ...(found ? [make("small", found)] : []));
    return row;
  });
  place("decisions", ...(rows.length > 0 ? rows : [make("li", "Nothing yet.", "none")]));
}

void show();
