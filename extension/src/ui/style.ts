// SPDX-License-Identifier: Apache-2.0
// Calm: system fonts, an 8-pixel rhythm, one colour per decision, dark where the person wants it dark.
export const css = `
:host { all: initial; }
.card {
  --text: #1d2433; --soft: #566074; --back: #ffffff; --line: #d9dee8; --tone: #3b6fd4;
  all: revert; box-sizing: border-box; position: fixed; inset: auto 24px 24px auto; width: min(400px, calc(100vw - 32px));
  margin: 0; padding: 16px; border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 8px;
  background: var(--back); color: var(--text); box-shadow: 0 8px 32px rgb(10 20 40 / 24%);
  font: 14px/20px system-ui, "Segoe UI", "Helvetica Neue", sans-serif; text-align: left; z-index: 2147483647;
}
dialog.card { inset: 0; margin: auto; width: min(480px, calc(100vw - 32px)); height: fit-content; }
dialog::backdrop { background: rgb(10 20 40 / 40%); }
.redacted { --tone: #2f7d4f; } .blocked { --tone: #b3342d; } .local { --tone: #6a4fb3; } .warned { --tone: #a86400; }
h2 { margin: 0 0 8px; font-size: 15px; line-height: 20px; font-weight: 600; }
p { margin: 8px 0 0; color: var(--soft); }
ul { margin: 8px 0 0; padding: 0 0 0 20px; }
li { margin: 0; }
label { display: block; margin: 16px 0 4px; font-weight: 600; }
textarea { box-sizing: border-box; width: 100%; padding: 8px; border: 1px solid var(--line); border-radius: 4px; resize: vertical;
  background: var(--back); color: var(--text); font: inherit; }
.problem:empty { display: none; } .problem { color: #b3342d; }
.row { display: flex; justify-content: flex-end; gap: 8px; margin-top: 16px; }
button { padding: 6px 16px; border-radius: 4px; border: 1px solid var(--line); background: transparent; color: var(--text);
  font: inherit; cursor: pointer; }
button.main { background: var(--tone); border-color: var(--tone); color: #fff; }
button:focus-visible, textarea:focus-visible { outline: 2px solid var(--tone); outline-offset: 2px; }
.mark.spin { float: left; width: 14px; height: 14px; margin: 3px 8px 0 0; border: 2px solid var(--line);
  border-top-color: var(--tone); border-radius: 50%; animation: turn 1s linear infinite; }
@keyframes turn { to { transform: rotate(360deg); } }
.answers { all: initial; position: fixed; inset: 0; overflow: clip; pointer-events: none; z-index: 2147483646; user-select: none; }
.answers span { all: initial; position: absolute; box-sizing: border-box; overflow: clip; white-space: pre; }
.answers .restored { border-bottom: 2px dotted #2f7d4f; text-overflow: ellipsis; border-radius: 2px; }
.answers .restored::before { content: attr(data-value); }
.answers .restored.open { width: max-content !important; max-width: 90vw; z-index: 1; box-shadow: 0 0 0 2px #2f7d4f; }
.answers .flagged { border-bottom: 3px double #b3342d; background: rgb(179 52 45 / 10%); }
@media (prefers-reduced-motion: reduce) { .mark.spin { animation: none; } }
@media (prefers-color-scheme: dark) {
  .card { --text: #e8ecf4; --soft: #a9b3c6; --back: #1b2130; --line: #39435a; --tone: #7aa5f5; }
  .redacted { --tone: #58b881; } .blocked { --tone: #f0776f; } .local { --tone: #a893ea; } .warned { --tone: #e0a13c; }
  button.main { color: #10151f; } .problem { color: #f0776f; }
}
`;
