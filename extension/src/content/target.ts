// SPDX-License-Identifier: Apache-2.0
// Where a text was meant to go, kept over the time in which it is judged: element, selection, and for a drop the point.
import { deepActive } from "../ui/caret";

export interface Target {
  element: HTMLElement;
  range: Range | undefined;
  controlRange: readonly [number, number] | undefined;
}

export function isTextControl(element: Element): element is HTMLTextAreaElement | HTMLInputElement {
  return element.localName === "textarea" || element.localName === "input";
}

export function targetOf(event: Event): Target {
  const first = event.composedPath()[0];
  const node = first instanceof Node ? first : document.body;
  const element = node instanceof HTMLElement ? node : (node.parentElement ?? document.body);
  const selection = document.getSelection();
  const range = selection?.rangeCount ? selection.getRangeAt(0).cloneRange() : undefined;
  return { element, range, controlRange: controlRangeOf(element) };
}

function controlRangeOf(element: Element): readonly [number, number] | undefined {
  if (!isTextControl(element) || element.selectionStart === null || element.selectionEnd === null) {
    return undefined;
  }
  return [element.selectionStart, element.selectionEnd];
}

// The caret where something was dropped.
export function targetAtPoint(event: DragEvent): Target {
  const target = targetOf(event);
  const caret = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  if (!caret) {
    return target;
  }
  if (isTextControl(target.element)) {
    return { ...target, controlRange: [caret.offset, caret.offset] };
  }
  const range = document.createRange();
  range.setStart(caret.offsetNode, caret.offset);
  return { ...target, range };
}

// Puts focus and selection back, if they were lost while the text was judged. A caret that merely moved on inside the same
// editor (the person typed on) is left where it is.
export function returnTo(target: Target, isPoint: boolean): boolean {
  const { element } = target;
  if (!element.isConnected) {
    return false;
  }
  const active = deepActive();
  const isThere = active === element || element.contains(active) || (active?.contains(element) ?? false);
  const host = isTextControl(element) ? element : (element.closest<HTMLElement>("[contenteditable]") ?? element);
  // A question of ours gives the focus back, and not the caret.
  const caret = document.getSelection()?.anchorNode ?? null;
  const hasCaret = isTextControl(element) || host.contains(caret);
  if (isThere && active !== document.body && !isPoint && hasCaret) {
    return true;
  }
  host.focus();
  if (isTextControl(element)) {
    if (target.controlRange) {
      element.setSelectionRange(...target.controlRange);
    }
  } else if (target.range?.startContainer.isConnected) {
    const selection = document.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(target.range);
  }
  return true;
}
