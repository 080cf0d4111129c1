// SPDX-License-Identifier: Apache-2.0
// Shows values over the placeholders of a page, and marks over what is secret, without a change to the page. A page must
// not be able to read the values: they lie in our closed shadow root; the boxes have the size of the placeholders and move
// nothing, so that nothing can be measured; they are generated content, which no search and no selection of a script finds;
// and no font of the page is used, whose loading would tell which letters there are.
import { surface } from "../../ui/shield";

export interface Shown {
  range: Range;
  block: Element;
  value?: string; // stands over a placeholder
  name?: string; // is secret
}

const kMono = /mono|courier|consol|menlo/i;

let layer: HTMLElement | undefined;
let shown: Shown[] = [];
let boxes: { box: HTMLElement; rect: DOMRect }[] = [];
let isDue = false;

export function show(items: Shown[]): void {
  shown = items;
  draw();
}

// What is behind the text, so that the box covers it.
function backOf(element: Element): string {
  for (let each: Element | null = element; each; each = each.parentElement) {
    const { backgroundColor } = getComputedStyle(each);
    if (!/^rgba\(.*, 0\)$|^transparent$/.test(backgroundColor)) {
      return backgroundColor;
    }
  }
  return "Canvas";
}

// Not below something else, nor scrolled out of its frame.
function isVisible({ block }: Shown, rect: DOMRect): boolean {
  const [x, y] = [rect.left + rect.width / 2, rect.top + rect.height / 2];
  if (rect.width < 1 || x < 0 || y < 0 || x > innerWidth || y > innerHeight) {
    return false;
  }
  const hit = document.elementFromPoint(x, y);
  return hit !== null && (block.contains(hit) || hit.contains(block));
}

function boxFor(item: Shown, rect: DOMRect, isFirst: boolean): HTMLElement {
  const box = document.createElement("span");
  const parent = item.range.startContainer.parentElement ?? item.block;
  const { color, fontFamily, fontSize, fontWeight } = getComputedStyle(parent);
  box.className = item.value === undefined ? "flagged" : "restored";
  const { style } = box;
  [style.left, style.top, style.minWidth, style.width, style.height] = [rect.left, rect.top, rect.width, rect.width, rect.height].map((each) => `${each}px`) as [string, string, string, string, string];
  if (item.value !== undefined) {
    [style.color, style.backgroundColor, style.fontSize, style.fontWeight, style.lineHeight] = [color, backOf(parent), fontSize, fontWeight, `${rect.height}px`];
    style.fontFamily = kMono.test(fontFamily) ? "monospace" : "system-ui, sans-serif";
    if (isFirst) {
      box.dataset.value = item.value;
      box.setAttribute("role", "img");
      box.setAttribute("aria-label", item.value);
    }
  }
  return box;
}

export function draw(): void {
  if (isDue || (shown.length === 0 && boxes.length === 0)) {
    return;
  }
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    const found: typeof boxes = [];
    for (const item of shown) {
      const rects = item.range.startContainer.isConnected ? [...item.range.getClientRects()] : [];
      rects.forEach((rect, i) => isVisible(item, rect) && found.push({ box: boxFor(item, rect, i === 0), rect }));
    }
    place(found);
  });
}

function place(found: typeof boxes): void {
  const root = surface();
  if (!layer || layer.getRootNode() !== root) {
    layer = document.createElement("div");
    layer.className = "answers";
    root.append(layer);
  }
  boxes = found;
  layer.replaceChildren(...found.map(({ box }) => box));
}

// A value that is longer than its placeholder is shown whole under the pointer.
function onPoint(event: PointerEvent): void {
  for (const { box, rect } of boxes) {
    const isIn = event.clientX >= rect.left && event.clientX <= rect.right && event.clientY >= rect.top && event.clientY <= rect.bottom;
    box.classList.toggle("open", isIn);
  }
}

export function followPage(): void {
  for (const type of ["scroll", "resize", "transitionend", "toggle"]) {
    window.addEventListener(type, draw, { capture: true, passive: true });
  }
  window.addEventListener("pointermove", onPoint, { capture: true, passive: true });
}
