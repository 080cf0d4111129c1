// SPDX-License-Identifier: Apache-2.0
// What the matrix is made of, and which of its cells are tried: all of them in the long run, else each pair of two things at
// least once, and the ways that people take most with more than one content.
export const editors = ["prosemirror", "tiptap", "quill", "lexical", "slate", "codemirror", "textarea", "react", "free", "shadow"];
export const channels = ["paste", "drop", "submit"];
export const actions = ["allow", "redact", "block", "warn", "justify", "missing", "timeout"];
const contents = { paste: ["plain", "html", "large", "image"], drop: ["plain", "html", "large"], submit: ["plain", "lines"] };

// A picture has no words for the agent to find.
const isPossible = ({ action, content }) => content !== "image" || action === "allow" || action === "missing";
// An agent that is silent takes three seconds each time, and silence is the agent's, not the editor's.
const isSlow = ({ action }) => action === "timeout";

export function allCells() {
  const cells = editors.flatMap((editor) => channels.flatMap((channel) => actions.flatMap((action) => contents[channel].map((content) => ({ editor, channel, action, content })))));
  return cells.filter(isPossible);
}

export const nameOf = ({ editor, channel, action, content }) => `${editor}, ${channel}, ${action}, ${content}`;

// The k-th content from the i-th on: other neighbours have other ones.
function contentOf(channel, action, i) {
  const possible = contents[channel].filter((content) => isPossible({ action, content }));
  return possible[i % possible.length];
}

function pairsOf(cell) {
  const values = Object.values(cell);
  return values.flatMap((one, i) => values.slice(i + 1).map((other) => `${one} ${other}`));
}

// Adds what the cells lack to have every pair of two things in one of them.
function completed(cells) {
  const kept = [...cells];
  const pairs = new Set(cells.flatMap(pairsOf));
  for (const cell of allCells()) {
    if (!isSlow(cell) && pairsOf(cell).some((pair) => !pairs.has(pair))) {
      kept.push(cell);
      pairsOf(cell).forEach((pair) => pairs.add(pair));
    }
  }
  return kept;
}

// Each editor with each channel and action; pastes with two contents.
export function chosenCells() {
  const kept = [];
  for (const [i, editor] of editors.entries()) {
    for (const [j, channel] of channels.entries()) {
      for (const [k, action] of actions.entries()) {
        const isTurn = channels[(i + k) % channels.length] === channel;
        if (isTurn || !["missing", "timeout"].includes(action)) {
          const cell = { editor, channel, action };
          const two = [contentOf(channel, action, i + k), contentOf(channel, action, i + k + 1)];
          const wanted = channel === "paste" && !isSlow(cell) ? two : two.slice(0, 1);
          kept.push(...[...new Set(wanted)].map((content) => ({ ...cell, content })));
        }
      }
    }
  }
  return completed(kept);
}

// What tests can do in Firefox: its clipboard keeps no pictures for them, and their drags do not reach into shadow roots.
const isForFirefox = ({ editor, channel, content }) => content !== "image" && !(editor === "shadow" && channel === "drop");

export const cellsOfFirefox = () => allCells().filter(isForFirefox);

// Each editor with each action once, by another channel each time, which has each pair but for contents.
export function fewCells() {
  const kept = [];
  for (const [i, editor] of editors.entries()) {
    for (const [k, action] of actions.entries()) {
      const channel = channels[(i + k) % channels.length];
      const cell = { editor, channel, action, content: contentOf(channel, action, i + 2 * k) };
      if (!isSlow(cell) || i < channels.length) {
        kept.push(isForFirefox(cell) ? cell : { ...cell, channel: "paste", content: "html" });
      }
    }
  }
  return kept;
}
