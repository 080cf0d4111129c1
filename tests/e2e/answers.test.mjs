// SPDX-License-Identifier: Apache-2.0
// Answers in a page: the person sees and copies the values, the page never learns them, however it asks; secrets are marked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { policy as usual } from "./agent.mjs";
import { until } from "./person.mjs";
import { setStage } from "./stage.mjs";

const kEditor = "#prompt-textarea";
const kKey = `ghp_${"1bX9kQ7mR2vT5wY8zA3cE6fH0jL4nP"}s7uWq2`;

let person;
setStage((stage) => (person = stage.person), { policy: { ...usual, browser: { answers: "restore" } } });

// The page gets an answer that holds the placeholder of what the person pasted.
async function answerWith(make) {
  await person.paste(kEditor, "about SECRET things");
  const written = await until(async () => /\[\[\w+\]\]/.exec(await person.editor()), "a placeholder");
  const [placeholder] = written;
  await person.page.evaluate((text) => {
    document.querySelector("#answer")?.remove();
    const answer = Object.assign(document.createElement("p"), { id: "answer" });
    text.split("|").forEach((piece) => answer.append(Object.assign(document.createElement("span"), { textContent: piece })));
    document.body.append(answer);
    answer.scrollIntoView();
  }, make(placeholder));
  return placeholder;
}
const attribute = (node, name) => node.attributes?.[(node.attributes ?? []).indexOf(name) + 1];
const boxes = async (kind) => (await person.nodes()).filter((node) => attribute(node, "class")?.split(" ").includes(kind));
const restored = () => until(async () => (await boxes("restored")).map((box) => attribute(box, "data-value")).find(Boolean), "the value in the page");

test("the person sees the value where the page shows the placeholder, also when it lies across elements", async () => {
  const placeholder = await answerWith((text) => `It is ${text.slice(0, 5)}|${text.slice(5)} indeed.`);
  assert.equal(await restored(), "SECRET");
  assert.equal(await person.page.$eval("#answer", (element) => element.textContent), `It is ${placeholder} indeed.`, "the page's own text is untouched");
  await until(async () => {
    const [box] = await boxes("restored");
    const { top, bottom } = await person.hands.boxOf(box);
    const own = await person.page.$eval("#answer", (element) => element.getBoundingClientRect().toJSON());
    return top >= own.top - 2 && bottom <= own.bottom + 2;
  }, "the value on the line of the answer");
});

test("the page cannot read it", async () => {
  await answerWith((text) => `Hidden: ${text}.`);
  await restored();
  const told = await person.page.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    getSelection().selectAllChildren(document.documentElement);
    const texts = {
      html: document.documentElement.outerHTML,
      text: document.documentElement.innerText + document.documentElement.textContent,
      selection: getSelection().toString() + [...Array(getSelection().rangeCount)].map((_, i) => getSelection().getRangeAt(i).toString()),
      shadows: all.map((element) => element.shadowRoot?.innerHTML ?? "").join(),
      styles: all.map((element) => getComputedStyle(element, "::before").content).join(),
      points: all.map((element) => element.getBoundingClientRect()).map((box) => document.elementsFromPoint(box.left + 2, box.top + 2).map((hit) => hit.outerHTML)).join(),
      html5: (document.getHTML?.({ serializableShadowRoots: true, shadowRoots: all.map((element) => element.shadowRoot).filter(Boolean) }) ?? ""),
    };
    getSelection().removeAllRanges();
    const frame = document.body.appendChild(document.createElement("iframe"));
    const search = window.find ?? frame.contentWindow.find;
    return { texts, hasFind: typeof search === "function", found: typeof search === "function" && search.call(window, "SECRET") };
  });
  for (const [way, text] of Object.entries(told.texts)) {
    assert.ok(!text.includes("SECRET"), `it shows in ${way}`);
  }
  assert.ok(!told.found, "a search of a script finds it");
});

test("nothing of the page moves, and its fonts are not used", async () => {
  await answerWith((text) => `Measured: ${text}.`);
  const before = await person.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight, document.querySelector("#answer").getBoundingClientRect().width]);
  await person.page.evaluate(() => {
    const own = document.querySelector("#answer").textContent;
    window.spies = [..."SECRET"].filter((letter) => !own.includes(letter)).map((letter) => new FontFace("spy", `url(/font-${letter})`, { unicodeRange: `U+${letter.charCodeAt(0).toString(16)}` }));
    window.control = new FontFace("spy", "url(/font-own)", { unicodeRange: `U+${"M".charCodeAt(0).toString(16)}` });
    window.nowhere = new FontFace("spy", "url(/font-nowhere)", { unicodeRange: "U+3A9" });
    [...window.spies, window.control, window.nowhere].forEach((face) => document.fonts.add(face));
    document.querySelector("#answer").style.fontFamily = "spy, sans-serif";
    // Our own place beside the page's, wherever it is.
    [...document.documentElement.children].filter((each) => !["HEAD", "BODY"].includes(each.tagName)).forEach((each) => (each.style.fontFamily = "spy"));
  });
  await restored();
  const after = await person.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight, document.querySelector("#answer").getBoundingClientRect().width]);
  assert.deepEqual(after.slice(0, 1), before.slice(0, 1));
  await until(() => person.page.evaluate(() => window.control.status !== "unloaded"), "the font of the page's own text");
  // As with a letter that stands nowhere: Chromium wants every piece here, Firefox none.
  const { wanted, usual } = await person.page.evaluate(() => ({ wanted: window.spies.map(({ status }) => status), usual: window.nowhere.status }));
  assert.ok(wanted.length > 0 && wanted.every((status) => status === usual), "which pieces of a font are wanted would tell the letters");
});

test("the person copies the value, and the page does not see the copy", async () => {
  await answerWith((text) => `Take ${text} home`);
  await restored();
  await person.page.evaluate(() => {
    window.copies = [];
    for (const target of [window, document]) {
      target.addEventListener("copy", (event) => window.copies.push(event.clipboardData.getData("text/plain")), true);
    }
    getSelection().selectAllChildren(document.querySelector("#answer"));
  });
  await person.page.keyboard.down("Control");
  await person.page.keyboard.down("c", { commands: ["Copy"] });
  await person.page.keyboard.up("c");
  await person.page.keyboard.up("Control");
  assert.deepEqual(await person.page.evaluate(() => window.copies), []);
  await until(async () => {
    await person.clear();
    await person.page.focus("#area");
    await person.pressPaste();
    await until(async () => (await person.value("#area")) !== "", "a paste");
    return (await person.value("#area")).includes("home"); // the clipboard is the system's, and takes its time
  }, "the paste");
  assert.match(await person.value("#area"), /^Take \[\[\w+\]\] home$/, "what was copied is the value: it is replaced anew on its way into the page");
});

test("a page's own copy button fills the clipboard with the value, which the page cannot read back", async () => {
  const placeholder = await answerWith((text) => `Button ${text}`);
  await restored();
  const read = await person.page.evaluate(async (text) => {
    await navigator.clipboard.writeText(`code ${text}`);
    return navigator.clipboard.readText();
  }, placeholder);
  assert.match(read, /^code \[\[\w+\]\]$/, "on its way back into the page it is replaced again");
  await person.sees("replaced before pasting");
});

test("what the page writes without a placeholder is its own", async () => {
  const read = await person.page.evaluate(async () => {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": new Blob(["a_plain text"], { type: "text/plain" }) })]);
    return navigator.clipboard.readText();
  });
  assert.equal(read, "a_plain text");
});

test("a placeholder that this conversation never gave stays as it is", async () => {
  await answerWith((text) => `${text} and [[WORD_99_ZZ]]`);
  await restored();
  assert.equal((await boxes("restored")).length, 1);
});

test("a secret in an answer is marked and told", async () => {
  await person.page.evaluate((key) => {
    const answer = document.createElement("pre");
    answer.textContent = `export GITHUB_TOKEN=${key}`;
    document.body.append(answer);
    answer.scrollIntoView();
  }, kKey);
  const notice = await person.sees("This page shows something secret");
  assert.ok(!notice.includes(kKey));
  await until(async () => (await boxes("flagged")).length > 0, "the mark");
});
