// SPDX-License-Identifier: Apache-2.0
// The button's small window: whether the agent answers, and what follows when it does not.
import type { Health } from "../shared/messages";

function say(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element) {
    element.textContent = text;
  }
}

chrome.runtime.sendMessage({ type: "health" }).then((health: Health | undefined) => {
  if (health?.isUp) {
    say("state", "The agent is running. Pastes are checked before a site sees them.");
    say("more", `Agent ${health.agentVersion}, policy ${health.revision}`);
  } else if (health?.failMode === "open") {
    say("state", "The agent is not running. Pastes go through unchecked and are counted.");
  } else {
    say("state", "The agent is not running. Nothing can be pasted into AI sites until it is.");
  }
});
