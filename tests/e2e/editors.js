// SPDX-License-Identifier: Apache-2.0
// The page of the matrix: every family of editors that AI sites use, each with a host of its own, and Enter sends. It keeps a
// diary of everything that a page can see.
import { Editor as TipTap } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
import { EditorView as CodeMirror, minimalSetup } from "codemirror";
import { createEmptyHistoryState, registerHistory } from "@lexical/history";
import { $createParagraphNode, $getRoot, createEditor } from "lexical";
import { registerRichText } from "@lexical/rich-text";
import { baseKeymap } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { schema } from "prosemirror-schema-basic";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import Quill from "quill";
import React from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { createEditor as createSlate, Editor as SlateEditor, Node as SlateNode, Transforms } from "slate";
import { withHistory } from "slate-history";
import { Editable, Slate, withReact } from "slate-react";

const seen = { texts: [], files: [], enters: 0 };
window.seen = seen;
for (const type of ["paste", "drop", "beforeinput", "input", "keydown"]) {
  window.addEventListener(
    type,
    (event) => {
      const transfer = event.clipboardData ?? event.dataTransfer;
      seen.texts.push(transfer?.getData("text/plain") ?? event.data ?? "", transfer?.getData("text/html") ?? "");
      seen.files.push(...[...(transfer?.files ?? [])].map((file) => file.type));
      seen.enters += event.type === "keydown" && event.key === "Enter" && !event.shiftKey ? 1 : 0;
    },
    true,
  );
}

function place(name) {
  const host = Object.assign(document.createElement("div"), { id: name, className: "editor" });
  document.querySelector("main").append(host);
  return host;
}
const lines = (node, separator) => node.textBetween(0, node.content.size, separator, separator);

const makers = {
  prosemirror(host) {
    const view = new EditorView(host, { state: EditorState.create({ schema, plugins: [keymap({ ...baseKeymap, "Shift-Enter": baseKeymap.Enter, "Mod-z": undo, "Mod-y": redo }), history()] }) });
    return { text: () => lines(view.state.doc, "\n"), clear: () => view.dispatch(view.state.tr.delete(0, view.state.doc.content.size)), field: () => view.dom };
  },
  tiptap(host) {
    const editor = new TipTap({ element: host, extensions: [StarterKit] });
    return { text: () => editor.getText({ blockSeparator: "\n" }), clear: () => editor.commands.clearContent(), field: () => editor.view.dom };
  },
  quill(host) {
    const quill = new Quill(host.appendChild(document.createElement("div")));
    return { text: () => quill.getText(), clear: () => quill.setText(""), field: () => quill.root };
  },
  lexical(host) {
    const field = Object.assign(host.appendChild(document.createElement("div")), { contentEditable: "true" });
    const editor = createEditor({ namespace: "matrix", onError: (error) => { throw error; } });
    editor.setRootElement(field);
    registerRichText(editor);
    registerHistory(editor, createEmptyHistoryState(), 300);
    const clear = () =>
      editor.update(() => {
        const paragraph = $createParagraphNode();
        $getRoot().clear().append(paragraph);
        paragraph.select();
      }, { discrete: true });
    clear();
    return { text: () => editor.getEditorState().read(() => $getRoot().getTextContent()), clear, field: () => field };
  },
  slate(host) {
    const editor = withHistory(withReact(createSlate()));
    const value = [{ type: "paragraph", children: [{ text: "" }] }];
    const element = React.createElement(Slate, { editor, initialValue: value }, React.createElement(Editable, {}));
    flushSync(() => createRoot(host).render(element));
    const clear = () => {
      Transforms.select(editor, SlateEditor.range(editor, []));
      Transforms.delete(editor);
      while (editor.children.length > 1) Transforms.removeNodes(editor, { at: [0] });
      Transforms.select(editor, SlateEditor.end(editor, []));
    };
    return { text: () => editor.children.map((each) => SlateNode.string(each)).join("\n"), clear, field: () => host.querySelector("[contenteditable]") };
  },
  codemirror(host) {
    const view = new CodeMirror({ parent: host, extensions: [minimalSetup] });
    return { text: () => view.state.doc.toString(), clear: () => view.dispatch({ changes: { from: 0, to: view.state.doc.length } }), field: () => view.contentDOM };
  },
  textarea(host) {
    const area = host.appendChild(document.createElement("textarea"));
    return { text: () => area.value, clear: () => (area.value = ""), field: () => area };
  },
  react(host) {
    let set;
    const Field = () => {
      const [value, change] = React.useState("");
      set = change;
      return React.createElement("textarea", { value, onChange: (event) => change(event.target.value), "data-kept": value });
    };
    flushSync(() => createRoot(host).render(React.createElement(Field)));
    const area = () => host.querySelector("textarea");
    return { text: () => area().dataset.kept, clear: () => flushSync(() => set("")), field: area };
  },
  free(host) {
    const field = Object.assign(host.appendChild(document.createElement("div")), { contentEditable: "true", style: "white-space: pre-wrap; min-height: 40px" });
    return { text: () => field.innerText, clear: () => (field.textContent = ""), field: () => field };
  },
  shadow(host) {
    const root = host.attachShadow({ mode: "open" });
    const area = Object.assign(root.appendChild(document.createElement("textarea")), { style: "width: 95%; height: 40px" });
    return { text: () => area.value, clear: () => (area.value = ""), field: () => area };
  },
};

const editors = {};
for (const [name, make] of Object.entries(makers)) {
  const host = place(name);
  const editor = make(host);
  editors[name] = editor;
  // As chat pages do: Enter sends what was written.
  host.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        event.stopPropagation();
        const text = editor.text();
        fetch("/backend-api/f/conversation", { method: "POST", body: JSON.stringify({ messages: [{ role: "user", content: text }] }) }).catch(() => undefined);
      }
    },
    true,
  );
}
window.editors = editors;
window.editorText = () => ""; // what the tests wait for
window.clearAll = (name) => {
  editors[name].clear();
  seen.texts.length = 0;
  seen.files.length = 0;
  seen.enters = 0;
};
window.focusOn = (name) => {
  const field = editors[name].field();
  field.scrollIntoView({ block: "center" });
  field.focus();
};
