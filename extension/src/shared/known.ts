// SPDX-License-Identifier: Apache-2.0
// Texts that were looked at already, and where they stand in a longer one.
export type Range = readonly [number, number];

// Editors change blanks and line ends; nothing else is forgiven.
export function plain(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

// What is shorter stands in too many texts by chance, and what is cut into shorter pieces could be anything.
export const kPieceLength = 16;

// The whole and each of its longer lines.
export function piecesOf(text: string): string[] {
  const lines = text.split(/\r\n?|\n/).map((line) => line.trim());
  return [...new Set([text, ...lines.filter((line) => line.length >= kPieceLength)])];
}

const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);

// Where `pieces` stand in `text`, in order and not overlapping, the longest first served; never through a word.
export function rangesOf(text: string, pieces: readonly string[]): Range[] {
  const found: Range[] = [];
  const isFree = (begin: number, end: number): boolean => found.every(([from, to]) => end <= from || begin >= to);
  const wanted = pieces.filter((piece) => piece.length >= kPieceLength).sort((a, b) => b.length - a.length);
  for (const piece of wanted) {
    for (let begin = text.indexOf(piece); begin >= 0; begin = text.indexOf(piece, begin + piece.length)) {
      const end = begin + piece.length;
      const isWhole = !(isWord(text[begin - 1]) && isWord(piece[0])) && !(isWord(text[end]) && isWord(piece.at(-1)));
      if (isWhole && isFree(begin, end) && found.length < 500) {
        found.push([begin, end]);
      }
    }
  }
  return found.sort((a, b) => a[0] - b[0]);
}

// The text with blanks in the place of `ranges`, so that every offset stays what it was.
export function blank(text: string, ranges: readonly Range[]): string {
  let result = "";
  let position = 0;
  for (const [begin, end] of ranges) {
    result += text.slice(position, begin) + " ".repeat(end - begin);
    position = end;
  }
  return result + text.slice(position);
}
