// SPDX-License-Identifier: Apache-2.0
// Where the person was writing before a question of ours took the focus. A closing dialog gives the focus back, and some
// browsers put the caret to the beginning of what gets it.
export function deepActive(): Element | null {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) {
    active = active.shadowRoot.activeElement;
  }
  return active;
}

// Gives what puts the caret back.
export function keepCaret(): () => void {
  const active = deepActive();
  const isField = active instanceof HTMLTextAreaElement || active instanceof HTMLInputElement;
  return isField ? keepInField(active) : keepInDocument(active);
}

function keepInField(field: HTMLTextAreaElement | HTMLInputElement): () => void {
  const { value, selectionStart, selectionEnd } = field;
  return () => {
    if (selectionStart !== null && field.isConnected && field.value === value) {
      field.focus();
      field.setSelectionRange(selectionStart, selectionEnd);
    }
  };
}

function keepInDocument(active: Element | null): () => void {
  const selection = document.getSelection();
  const range = selection?.rangeCount ? selection.getRangeAt(0).cloneRange() : undefined;
  return () => {
    if (active instanceof HTMLElement && active.isConnected && range && active.contains(range.commonAncestorContainer)) {
      active.focus();
      selection?.removeAllRanges();
      selection?.addRange(range);
    }
  };
}
