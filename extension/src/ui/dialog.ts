// SPDX-License-Identifier: Apache-2.0
// Questions to the person: modal dialogs in the top layer, worked by keyboard alone. Escape and the first button mean no.
import { kJustificationLimit, type Kind, type Verdict } from "../shared/protocol";
import { say } from "../shared/say";
import { keepCaret } from "./caret";
import { foundList } from "./notice";
import { button, make, surface } from "./shield";
import * as words from "./words";

export interface Answer {
  proceed: boolean;
  justification: string;
  redact?: boolean; // with placeholders instead
}

interface Parts {
  text: words.Question;
  field: HTMLTextAreaElement | undefined;
  found: Verdict["found"];
  // The person chose; undefined is no. False: not yet, `problem` says why.
  done: (choice: "proceed" | "redact" | undefined, problem: HTMLElement) => boolean;
}

function open({ text, field, found, done }: Parts): void {
  const problem = make("p", { class: "problem", role: "alert" });
  const dialog = make("dialog", { class: "card warned", "aria-labelledby": "title", "aria-describedby": "why" });
  const finish = (choice: "proceed" | "redact" | undefined): void => {
    if (done(choice, problem)) {
      dialog.close();
      dialog.remove();
      giveBack();
    } else {
      field?.focus();
    }
  };
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    finish(undefined);
  });
  const body = make("div", { class: "body" }, make("h2", { id: "title" }, text.title));
  if (found.length > 0) {
    body.append(foundList(found));
  }
  body.append(make("p", { id: "why" }, text.why));
  if (field) {
    body.append(make("label", { for: "field" }, text.field ?? ""), field, problem);
  }
  const cancel = button(text.cancel, "main", () => finish(undefined));
  const row = make("div", { class: "row" }, cancel);
  if (text.redact) {
    row.append(button(text.redact, "quiet", () => finish("redact")));
  }
  row.append(button(text.proceed, "quiet", () => finish("proceed")));
  dialog.append(make("div", { class: "mark", "aria-hidden": "true" }), body, row);
  surface().append(dialog);
  const giveBack = keepCaret();
  dialog.showModal();
  (field ?? cancel).focus();
}

export function ask(kind: Kind, verdict: Verdict): Promise<Answer> {
  const text = words.question(kind, verdict);
  return new Promise((resolve) => {
    const field = text.field ? make("textarea", { rows: "3", maxlength: String(kJustificationLimit), id: "field", "aria-required": "true" }) : undefined;
    open({
      text,
      field,
      found: verdict.found,
      done: (choice, problem) => {
        const justification = field?.value.trim() ?? "";
        if (choice === "proceed" && field && !justification) {
          problem.textContent = say("needsReason");
          return false;
        }
        resolve({ proceed: choice !== undefined, justification: choice === "proceed" ? justification : "", redact: choice === "redact" });
        return true;
      },
    });
  });
}

// The text of something that was stopped, for the person to change. Undefined: never mind.
export function edit(before: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const field = make("textarea", { rows: "10", id: "field" });
    field.value = before;
    open({
      text: words.editing(),
      field,
      found: [],
      done: (choice) => {
        resolve(choice && field.value.trim() !== "" ? field.value : undefined);
        return true;
      },
    });
  });
}
