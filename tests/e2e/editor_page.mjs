// SPDX-License-Identifier: Apache-2.0
// The page of editors (editors.js), as tests see it.
import { openPage } from "./browser.mjs";
import { Person, until } from "./person.mjs";

const kAddress = "https://chatgpt.com/editors";

// Editors change blanks and line ends; some put in marks that nobody sees.
export const flat = (text) => text.replace(/[\s\u200b\ufeff]+/g, " ").trim();

export class EditorPage {
  static async open(browser) {
    const page = new EditorPage();
    page.person = await Person.at(await openPage(browser, kAddress));
    return page;
  }
  #run(work, ...values) {
    return this.person.page.evaluate(work, ...values);
  }
  // An empty editor, an empty corner, an empty diary.
  async begin(editor) {
    await this.person.closeNotice();
    await this.#run((name) => window.clearAll(name), editor);
    await this.#run((name) => window.focusOn(name), editor);
    await until(async () => flat(await this.text(editor)) === "", "an empty editor");
  }
  focus(editor) {
    return this.#run((name) => window.focusOn(name), editor);
  }
  text(editor) {
    return this.#run((name) => window.editors[name].text(), editor);
  }
  reads(editor, isIt, what) {
    return until(async () => isIt(flat(await this.text(editor))), what).catch(async (error) => {
      throw new Error(`${error.message}; it reads “${flat(await this.text(editor)).slice(-200)}”, the corner “${await this.person.notice()}”`);
    });
  }
  html(editor) {
    return this.#run((name) => window.editors[name].field().innerHTML, editor);
  }
  // {texts, files, enters}: what the page has seen.
  seen() {
    return this.#run(() => window.seen);
  }
  selectorOf(editor) {
    return editor === "shadow" ? "#shadow" : `#${editor} textarea, #${editor} [contenteditable]`;
  }
  async press(...keys) {
    const { keyboard } = this.person.page;
    for (const key of keys.slice(0, -1)) {
      await keyboard.down(key);
    }
    await keyboard.press(keys.at(-1));
    for (const key of keys.slice(0, -1).reverse()) {
      await keyboard.up(key);
    }
  }
  // Lines are made as people make them in a chat.
  async type(editor, text) {
    for (const [i, line] of text.split("\n").entries()) {
      if (i > 0) {
        await this.press("Shift", "Enter");
      }
      await this.person.page.keyboard.type(line);
    }
    await this.reads(editor, (value) => value === flat(text), "the typed text");
  }
}
