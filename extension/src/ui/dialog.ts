// SPDX-License-Identifier: Apache-2.0
// The question for `warn` and `justify`: a modal dialog in the top layer. Escape and the first button mean no.
import { kJustificationLimit, type Kind, type Verdict } from "../shared/protocol";
import { foundList } from "./notice";
import { button, make, surface } from "./shield";
import * as words from "./words";

export interface Answer {
  proceed: boolean;
  justification: string;
}

export function ask(kind: Kind, verdict: Verdict): Promise<Answer> {
  const text = words.question(kind, verdict);
  return new Promise((resolve) => {
    const field = text.field ? make("textarea", { rows: "3", maxlength: String(kJustificationLimit), id: "reason" }) : undefined;
    const problem = make("p", { class: "problem", role: "alert" });
    const dialog = make("dialog", { class: "card warned", "aria-labelledby": "title", "aria-describedby": "why" });
    const finish = (proceed: boolean): void => {
      const justification = field?.value.trim() ?? "";
      if (proceed && field && !justification) {
        problem.textContent = words.needsReason;
        field.focus();
        return;
      }
      dialog.close();
      dialog.remove();
      resolve({ proceed, justification: proceed ? justification : "" });
    };
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(false);
    });
    const body = make("div", { class: "body" }, make("h2", { id: "title" }, text.title));
    if (verdict.found.length > 0) {
      body.append(foundList(verdict.found));
    }
    body.append(make("p", { id: "why" }, text.why));
    if (field) {
      body.append(make("label", { for: "reason" }, text.field ?? ""), field, problem);
    }
    const cancel = button(text.cancel, "main", () => finish(false));
    const proceed = button(text.proceed, "quiet", () => finish(true));
    dialog.append(make("div", { class: "mark", "aria-hidden": "true" }), body, make("div", { class: "row" }, cancel, proceed));
    surface().append(dialog);
    dialog.showModal();
    (field ?? cancel).focus();
  });
}
