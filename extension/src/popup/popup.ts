// SPDX-License-Identifier: Apache-2.0
import type { Health } from "../shared/messages";
import { say } from "../shared/say";
import { make, place, translate } from "../shared/pages";
import { viewOf } from "./view";

const kTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

async function show(): Promise<void> {
  translate();
  document.getElementById("settings")?.addEventListener("click", () => void chrome.runtime.openOptionsPage());
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
  place("decisions", ...(rows.length > 0 ? rows : [make("li", say("nothingYet"), "none")]));
}

void show();
