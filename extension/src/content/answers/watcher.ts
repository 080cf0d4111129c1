// SPDX-License-Identifier: Apache-2.0
// Answers of a guarded page as policy wants them: placeholders shown as what they stand for, secrets marked. Looks at what
// changes in the page, a little later than it does; text that the person writes is left alone.
import { placesIn } from "../../shared/placeholders";
import { notify } from "../../ui/notice";
import * as words from "../../ui/words";
import { guard } from "../guard";
import { isKnown } from "../seen";
import { type Block, blocksIn, rangeIn, readBlock } from "./blocks";
import { draw, followPage, type Shown, show } from "./overlay";
import { askAgain, forgetValues, learn, read, valueOf } from "./values";

const kSoon = 120;
const kSettled = 1200; // an answer that did not grow for so long
const kShortest = 12;
const kBatch = 64 * 1024;
const kBatchLimit = 4;
const kReadLimit = 2000;

let observer: MutationObserver | undefined;
let dirty = new Set<Node>();
let soon: ReturnType<typeof setTimeout> | undefined;
let settled: ReturnType<typeof setTimeout> | undefined;
let isFollowing = false;

const items = new Map<Element, Shown[]>(); // placeholders, by block
const flags = new Map<Element, Shown[]>();
const unread = new Set<Element>();
const readTexts = new Set<string>();

function showAll(): void {
  for (const map of [items, flags]) {
    [...map.keys()].filter((block) => !block.isConnected).forEach((block) => map.delete(block));
  }
  show([...items.values(), ...flags.values()].flat());
}

function shownIn(block: Block): Shown[] {
  return placesIn(block.text).flatMap(({ begin, end, text }) => {
    const value = valueOf(text);
    const range = value === undefined ? undefined : rangeIn(block, begin, end);
    return range && value !== undefined ? [{ range, block: block.element, value }] : [];
  });
}

async function restore(elements: Iterable<Element>): Promise<void> {
  const blocks = [...elements].map(readBlock);
  await learn(blocks.flatMap((block) => placesIn(block.text).map(({ text }) => text)));
  for (const block of blocks) {
    const found = shownIn(block);
    if (found.length > 0) {
      items.set(block.element, found);
    } else {
      items.delete(block.element);
    }
  }
}

async function flush(): Promise<void> {
  soon = undefined;
  const roots = dirty;
  dirty = new Set();
  const blocks = blocksIn(roots);
  for (const block of blocks) {
    flags.delete(block);
    unread.add(block);
  }
  if (guard().answers === "restore") {
    await restore(blocks);
  }
  showAll();
  clearTimeout(settled);
  settled = setTimeout(() => void readSettled(), kSettled);
}

// Blocks whose text nobody has looked at, and that the person did not write, some at a time.
function batches(): Block[][] {
  const lists: Block[][] = [[]];
  let size = 0;
  for (const element of unread) {
    unread.delete(element);
    const block = element.isConnected ? readBlock(element) : undefined;
    const text = block?.text ?? "";
    if (!block || text.trim().length < kShortest || text.length > kBatch || readTexts.has(text) || isKnown(text)) {
      continue;
    }
    size += text.length;
    if (size > kBatch) {
      if (lists.length >= kBatchLimit) {
        break;
      }
      lists.push([]);
      size = text.length;
    }
    lists.at(-1)?.push(block);
  }
  return lists.filter((list) => list.length > 0);
}

async function readSettled(): Promise<void> {
  const names: string[] = [];
  for (const list of batches()) {
    const { marks } = await read(list.map(({ text }) => text.toWellFormed()).join("\n\n"));
    let begin = 0;
    for (const block of list) {
      if (readTexts.size < kReadLimit) {
        readTexts.add(block.text);
      }
      const end = begin + block.text.length;
      const own = marks.filter(([from, to]) => from >= begin && to <= end);
      const found = own.flatMap(([from, to, name]) => {
        const range = rangeIn(block, from - begin, to - begin);
        return range ? [{ range, block: block.element, name }] : [];
      });
      if (found.length > 0) {
        flags.set(block.element, found);
        names.push(...found.map(({ name }) => name));
      }
      begin = end + 2;
    }
  }
  if (names.length > 0) {
    showAll();
    notify(words.answerFlagged(names));
  }
}

function note(nodes: Iterable<Node>): void {
  for (const node of nodes) {
    dirty.add(node);
  }
  if (dirty.size > 0) {
    soon ??= setTimeout(() => void flush(), kSoon);
  }
}

function begin(): void {
  if (!isFollowing) {
    isFollowing = true;
    followPage();
  }
  observer = new MutationObserver((records) => {
    note(records.flatMap((record) => (record.type === "childList" ? [...record.addedNodes] : [record.target])));
    draw();
  });
  observer.observe(document, { childList: true, characterData: true, subtree: true });
  note(document.body ? [document.body] : []);
}

function end(): void {
  observer?.disconnect();
  observer = undefined;
  forgetValues();
  [items, flags].forEach((map) => map.clear());
  readTexts.clear();
  showAll();
}

// As policy says now.
export function watchAnswers(isActive: boolean): void {
  const isWanted = isActive && guard().answers !== "leave";
  if (observer) {
    end();
  }
  if (isWanted) {
    begin();
  }
}

// The person's text got a placeholder: it may already be in the page.
export function placeholderGiven(): void {
  if (observer) {
    askAgain();
    note(document.body ? [document.body] : []);
  }
}
