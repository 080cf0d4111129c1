// SPDX-License-Identifier: Apache-2.0
// What the agent let go to which site, as hashes: the same text is not asked about again for a while. Lives and dies with
// the worker; what is forgotten is only asked about again.
import { sha256 } from "../shared/digest";
import { piecesOf, plain } from "../shared/known";

const kLifetime = 30 * 60_000;
const kLimit = 5000;

export class Ledger {
  private readonly until = new Map<string, number>(); // in the order of their ends

  constructor(private readonly now: () => number = Date.now) {}

  // The whole, and the pieces that may stand in a longer text.
  approve(origin: string, text: string): void {
    piecesOf(text).slice(0, kLimit / 2).forEach((piece) => this.approveWhole(origin, piece));
  }

  approveWhole(origin: string, text: string): void {
    const fresh = this.keyOf(origin, text);
    this.until.delete(fresh);
    this.until.set(fresh, this.now() + kLifetime);
    for (const key of this.until.keys()) {
      if (this.until.size <= kLimit) {
        break;
      }
      this.until.delete(key);
    }
  }

  // Nothing to say is nothing to ask.
  isApproved(origin: string, text: string): boolean {
    return plain(text) === "" || (this.until.get(this.keyOf(origin, text)) ?? 0) > this.now();
  }

  // Another policy may say otherwise.
  clear(): void {
    this.until.clear();
  }

  private keyOf(origin: string, text: string): string {
    return sha256(`${origin}\n${plain(text)}`);
  }
}
