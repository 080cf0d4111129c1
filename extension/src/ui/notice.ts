// SPDX-License-Identifier: Apache-2.0
// The notice in the corner. It never takes the focus; screen readers are told by aria-live.
import type { Kind } from "../shared/protocol";
import { say } from "../shared/say";
import { button, make, surface } from "./shield";
import * as words from "./words";

const kSpinnerDelay = 300;
const kSlow = 1500;
const kQuietTime = 9000; // how long a notice stays that asks for nothing

let current: HTMLElement | undefined;
let hiding: ReturnType<typeof setTimeout> | undefined;

function remove(card: HTMLElement): void {
  if (card === current) {
    current = undefined;
    clearTimeout(hiding);
  }
  card.remove();
}

function place(tone: words.Tone, isUrgent: boolean): HTMLElement {
  if (current) {
    remove(current);
  }
  const card = make("section", { class: `card ${tone}`, popover: "manual", role: isUrgent ? "alert" : "status", "aria-live": isUrgent ? "assertive" : "polite" });
  surface().append(card);
  card.showPopover?.();
  card.addEventListener("keydown", (event) => event.key === "Escape" && remove(card));
  current = card;
  return card;
}

function hideLater(card: HTMLElement): void {
  const start = (): void => {
    clearTimeout(hiding);
    hiding = setTimeout(() => remove(card), kQuietTime);
  };
  start();
  card.addEventListener("mouseenter", () => clearTimeout(hiding));
  card.addEventListener("mouseleave", start);
}

// `more`: further buttons, each with what it does.
export function notify(notice: words.Notice, act?: () => void, more: readonly (readonly [string, () => void])[] = []): void {
  const isUrgent = notice.tone === "blocked" || notice.tone === "local";
  const card = place(notice.tone, isUrgent);
  const close = button(say("close"), "quiet", () => remove(card));
  const body = make("div", { class: "body" }, make("h2", {}, notice.title), ...notice.lines.map((line) => make("p", {}, line)));
  if (notice.found.length > 0) {
    body.insertBefore(foundList(notice.found), body.children[1] ?? null);
  }
  const row = make("div", { class: "row" }, close);
  for (const [label, go] of more) {
    row.prepend(button(label, "quiet", () => (remove(card), go())));
  }
  if (act && notice.action) {
    row.prepend(button(notice.action, "main", () => (act(), remove(card))));
  }
  card.append(make("div", { class: "mark", "aria-hidden": "true" }), body, row);
  if (notice.tone === "redacted") {
    hideLater(card);
  }
}

export function foundList(found: words.Notice["found"]): HTMLElement {
  return make("ul", {}, ...found.map((each) => make("li", {}, words.foundLine(each))));
}

export interface Checking {
  close: () => void;
}

// Nothing is shown for a check that is over before anybody would notice it.
export function showChecking(kind: Kind): Checking {
  let card: HTMLElement | undefined;
  const show = setTimeout(() => {
    card = place("info", false);
    card.append(make("div", { class: "mark spin", "aria-hidden": "true" }), make("div", { class: "body" }, make("h2", {}, words.checking(kind))));
  }, kSpinnerDelay);
  const slow = setTimeout(() => card?.querySelector(".body")?.append(make("p", {}, words.stillChecking(kind))), kSlow);
  return {
    close: () => {
      clearTimeout(show);
      clearTimeout(slow);
      if (card) {
        remove(card);
      }
    },
  };
}
