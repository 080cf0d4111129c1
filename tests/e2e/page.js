// SPDX-License-Identifier: Apache-2.0
// The page of the end-to-end tests: a real ProseMirror, as ChatGPT has one, beside the plain fields of other sites. It keeps
// a diary of everything that a page can see.
import { baseKeymap } from "prosemirror-commands";
import { history } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { schema } from "prosemirror-schema-basic";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";

const seen = { pastes: [], keys: [], drops: [], sent: [], posted: [], answers: [], files: [] };
window.seen = seen;

for (const type of ["paste", "drop"]) {
  document.addEventListener(
    type,
    (event) => seen[`${type}s`].push({ isTrusted: event.isTrusted, text: (event.clipboardData ?? event.dataTransfer).getData("text/plain") }),
    true,
  );
}
for (const type of ["keydown", "keyup", "input", "beforeinput"]) {
  window.addEventListener(type, (event) => seen.keys.push(`${type}:${event.key ?? event.data ?? ""}`), true);
}

// Sends as ChatGPT does, and clears the editor.
const send = (state, dispatch) => {
  const text = state.doc.textBetween(0, state.doc.content.size, "\n");
  seen.sent.push(text);
  dispatch(state.tr.delete(0, state.doc.content.size));
  const body = JSON.stringify({ action: "next", messages: [{ id: crypto.randomUUID(), content: { content_type: "text", parts: [text] } }] });
  fetch("/backend-api/f/conversation", { method: "POST", headers: { "content-type": "application/json" }, body }).then(
    (response) => seen.answers.push(response.status),
    (error) => seen.answers.push(String(error)),
  );
  return true;
};
const view = new EditorView(document.querySelector("#editor"), {
  state: EditorState.create({ schema, plugins: [keymap({ Enter: send, "Shift-Enter": baseKeymap.Enter }), keymap(baseKeymap), history()] }),
  attributes: { id: "prompt-textarea", role: "textbox", "aria-label": "Message" },
});
document.querySelector("#send").addEventListener("click", () => send(view.state, view.dispatch));
document.querySelector("#form").addEventListener("submit", (event) => {
  event.preventDefault();
  seen.posted.push(document.querySelector("#note").value);
});
// Files come by a field, a field that is not in the page, a drop and a paste; each is sent at once, raw and in a form.
async function take(how, files) {
  for (const file of files) {
    seen.files.push({ how, name: file.name, text: await file.text() });
    const form = new FormData();
    form.append("file", file);
    await fetch("/backend-api/f/conversation", { method: "POST", body: form }).catch(() => seen.answers.push("refused"));
    await fetch("/backend-api/f/conversation", { method: "PUT", body: file }).catch(() => seen.answers.push("refused"));
  }
}
document.querySelector("#file").addEventListener("change", (event) => take("field", event.target.files));
document.querySelector("#attach").addEventListener("click", () => {
  const input = Object.assign(document.createElement("input"), { type: "file" });
  input.onchange = () => take("detached", input.files);
  input.click();
});
document.querySelector("#zone").addEventListener("dragover", (event) => event.preventDefault());
document.querySelector("#zone").addEventListener("drop", (event) => {
  event.preventDefault();
  take("drop", event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length > 0) {
    event.preventDefault();
    take("paste", event.clipboardData.files);
  }
});
window.editorText = () => view.state.doc.textBetween(0, view.state.doc.content.size, "\n");
window.clear = () => {
  view.dispatch(view.state.tr.delete(0, view.state.doc.content.size));
  for (const id of ["area", "line", "note"]) {
    document.getElementById(id).value = "";
  }
  document.getElementById("free").textContent = "";
  for (const list of Object.values(seen)) {
    list.length = 0;
  }
};
