// SPDX-License-Identifier: Apache-2.0
// What a person does and sees. The extension's notices lie in a closed shadow root, which only the debugger can look into;
// clicks and keys are real ones.
import { isFirefox } from "./browser.mjs";
import { ChromiumHands } from "./chromium_hands.mjs";
import { FirefoxHands } from "./firefox_hands.mjs";

const kPatience = 30_000;

export async function until(check, what) {
  const end = Date.now() + kPatience;
  for (;;) {
    const value = await check();
    if (value) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export class Person {
  constructor(page, hands) {
    this.page = page;
    this.hands = hands;
  }
  static async at(page) {
    return new Person(page, await (isFirefox ? FirefoxHands : ChromiumHands).at(page));
  }

  async copy(text, html) {
    await this.page.bringToFront();
    await this.page.evaluate(
      async (plain, rich) => {
        const types = { "text/plain": new Blob([plain], { type: "text/plain" }) };
        if (rich) {
          types["text/html"] = new Blob([rich], { type: "text/html" });
        }
        await navigator.clipboard.write([new ClipboardItem(types)]);
      },
      text,
      html ?? "",
    );
  }
  async pressPaste() {
    await this.page.keyboard.down("Control");
    await this.page.keyboard.down("v", { commands: ["Paste"] });
    await this.page.keyboard.up("v");
    await this.page.keyboard.up("Control");
  }
  async paste(selector, text, html) {
    await this.copy(text, html);
    await this.page.focus(selector);
    await this.pressPaste();
  }

  async #pointIn(selector, { x, y }) {
    const handle = await this.page.waitForSelector(selector);
    const box = await handle.boundingBox();
    return { x: box.x + box.width * x, y: box.y + box.height * y };
  }
  // A drag from another window, which the page learns of when it comes in.
  async dropItems(selector, items, place = { x: 0.5, y: 0.5 }) {
    await this.page.bringToFront();
    await this.hands.drop(await this.#pointIn(selector, place), { items });
  }
  async drop(selector, text, html, place) {
    const items = [];
    for (const [mimeType, data] of [["text/plain", text], ["text/html", html]]) {
      if (data) {
        items.push({ mimeType, data });
      }
    }
    await this.dropItems(selector, items, place);
  }
  async dropFiles(selector, files) {
    await this.page.bringToFront();
    await this.hands.drop(await this.#pointIn(selector, { x: 0.5, y: 0.5 }), { items: [], files });
  }
  // Presses what opens a file chooser, and chooses.
  async choose(selector, ...files) {
    const [chooser] = await Promise.all([this.page.waitForFileChooser(), this.page.click(selector)]);
    await chooser.accept(files);
  }
  // Selects all of a field and pulls it with the mouse over another, or a little way only.
  async dragOwn(from, to) {
    await this.page.bringToFront();
    await this.page.$eval(from, (element) => element.select());
    const start = await this.#pointIn(from, { x: 0.03, y: 0.5 });
    const end = to ? await this.#pointIn(to, { x: 0.5, y: 0.5 }) : { x: start.x + 40, y: start.y + 10 };
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move(start.x + 10, start.y + 5);
    await this.page.mouse.move(end.x, end.y, { steps: 5 });
    await this.page.mouse.up();
  }

  // The nodes of our surface, flat; empty when nothing is shown.
  async nodes() {
    const found = [];
    const walk = (node, isInside) => {
      if (isInside) {
        found.push(node);
      }
      for (const shadow of node.shadowRoots ?? []) {
        walk(shadow, isInside || shadow.shadowRootType === "closed");
      }
      for (const child of node.children ?? []) {
        walk(child, isInside);
      }
    };
    walk(await this.hands.tree(), false);
    return found;
  }
  async notice() {
    return (await this.nodes()).filter((node) => node.nodeType === 3).map((node) => node.nodeValue).join("\n");
  }
  async sees(text) {
    return until(async () => ((await this.notice()).includes(text) ? this.notice() : ""), `the notice “${text}”`);
  }
  async press(label) {
    const button = await until(
      async () => (await this.nodes()).find((node) => node.localName === "button" && (node.children ?? []).some((child) => child.nodeValue === label)),
      `the button “${label}”`,
    );
    const { x, y } = await this.hands.centerOf(button);
    await this.page.mouse.click(x, y);
  }
  // A notice may go by itself while the mouse is on its way, and another may follow it.
  async closeNotice() {
    const find = async () => (await this.nodes()).find((node) => node.localName === "button" && (node.children ?? []).some((child) => ["Close", "Schließen"].includes(child.nodeValue)));
    await until(async () => {
      const button = await find();
      const place = button && (await this.hands.centerOf(button).catch(() => undefined));
      if (place) {
        await this.page.mouse.click(place.x, place.y);
      }
      return !button;
    }, "an empty corner");
  }

  editor() {
    return this.page.evaluate(() => window.editorText());
  }
  value(selector) {
    return this.page.$eval(selector, (element) => element.value ?? element.innerText);
  }
  seen() {
    return this.page.evaluate(() => window.seen);
  }
  clear() {
    return this.page.evaluate(() => window.clear());
  }
}
