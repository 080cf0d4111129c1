// SPDX-License-Identifier: Apache-2.0
// What a page shows, in blocks of running text: one paragraph may be many text nodes, and a placeholder may lie across some.
export interface Block {
  element: Element;
  text: string;
  nodes: { node: Text; begin: number }[];
}

const kSkipped = "script, style, noscript, template, textarea, input, select, svg";

export function isReadable(element: Element): boolean {
  return element.closest(kSkipped) === null && !(element instanceof HTMLElement && element.isContentEditable);
}

// The nearest element around that is laid out as a block.
export function blockOf(node: Node): Element | undefined {
  let element = node instanceof Element ? node : node.parentElement;
  while (element?.parentElement && element !== document.body) {
    const { display } = getComputedStyle(element);
    if (!display.startsWith("inline") && display !== "contents") {
      break;
    }
    element = element.parentElement;
  }
  return element ?? undefined;
}

// The block's own text, without the blocks inside it.
export function readBlock(element: Element): Block {
  const block: Block = { element, text: "", nodes: [] };
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    if (node.parentElement && isReadable(node.parentElement) && blockOf(node) === element) {
      block.nodes.push({ node, begin: block.text.length });
      block.text += node.data;
    }
  }
  return block;
}

// Where a stretch of the block's text is in the page.
export function rangeIn({ nodes }: Block, begin: number, end: number): Range | undefined {
  const at = (offset: number, isEnd: boolean): { node: Text; offset: number } | undefined => {
    const found = nodes.findLast((each) => (isEnd ? each.begin < offset : each.begin <= offset));
    const inside = found ? offset - found.begin : -1;
    return found && inside >= 0 && inside <= found.node.length ? { node: found.node, offset: inside } : undefined;
  };
  const [first, last] = [at(begin, false), at(end, true)];
  if (!first || !last) {
    return undefined;
  }
  const range = document.createRange();
  range.setStart(first.node, first.offset);
  range.setEnd(last.node, last.offset);
  return range;
}

export function blocksIn(roots: Iterable<Node>): Set<Element> {
  const blocks = new Set<Element>();
  for (const root of roots) {
    if (!root.isConnected) {
      continue;
    }
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node: Node | null = root instanceof Text ? root : walker.nextNode(); node; node = walker.nextNode()) {
      const block = node.parentElement && isReadable(node.parentElement) ? blockOf(node) : undefined;
      if (block) {
        blocks.add(block);
      }
    }
  }
  return blocks;
}
