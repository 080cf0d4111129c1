// SPDX-License-Identifier: Apache-2.0
import type { Managed } from "../shared/messages";
import { make, place, translate } from "../shared/pages";
import { say } from "../shared/say";
import { shownOf } from "./view";

function siteLine({ name, hosts }: { name: string; hosts: string }): HTMLElement {
  const line = make("li", name);
  line.append(make("small", hosts));
  return line;
}

async function show(): Promise<void> {
  translate();
  const managed = (await chrome.runtime.sendMessage({ type: "managed" }).catch(() => undefined)) as Managed | undefined;
  if (!managed) {
    place("settings", make("dt", say("workerSilent")));
    return;
  }
  const { rows, sites, exempt } = shownOf(managed);
  place("settings", ...rows.flatMap(({ name, value }) => [make("dt", name), make("dd", value)]));
  place("sites", ...sites.map(siteLine));
  place("exempt", ...exempt.map(siteLine));
  document.getElementById("exempt-part")?.toggleAttribute("hidden", exempt.length === 0);
}

void show();
