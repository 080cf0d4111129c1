// SPDX-License-Identifier: Apache-2.0
// The page of the end-to-end tests: a real ProseMirror, as ChatGPT has one, beside the plain fields of other sites. It keeps
// a diary of everything that a page can see.
import { baseKeymap } from "prosemirror-commands";
import { history } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { schema } from "prosemirror-schema-basic";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";

const seen = { pastes: [], keys: [], drops: [], sent: [] };
window.seen = seen;

for (const type of ["paste", "drop"]) {
  document.addEventListener(
    type,
    (event) => seen[`${type}s`].push({ isTrusted: event.isTrusted, text: (event.clipboardData ?? event.dataTransfer).getData("text/plain") }),
    true,
  );
}
for (const type of ["keydown", "input", "beforeinput"]) {
  window.addEventListener(type, (event) => seen.keys.push(`${type}:${event.key ?? event.data ?? ""}`), true);
}

const send = (state) => {
  seen.sent.push(state.doc.textBetween(0, state.doc.content.size, "\n"));
  return true;
};
const view = new EditorView(document.querySelector("#editor"), {
  state: EditorState.create({ schema, plugins: [keymap({ Enter: send }), keymap(baseKeymap), history()] }),
  attributes: { id: "prompt-textarea", role: "textbox", "aria-label": "Message" },
});
window.editorText = () => view.state.doc.textBetween(0, view.state.doc.content.size, "\n");
window.clear = () => {
  view.dispatch(view.state.tr.delete(0, view.state.doc.content.size));
  for (const id of ["area", "line"]) {
    document.getElementById(id).value = "";
  }
  document.getElementById("free").textContent = "";
  for (const list of Object.values(seen)) {
    list.length = 0;
  }
};
