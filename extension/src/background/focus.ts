// SPDX-License-Identifier: Apache-2.0
// Which guarded page the person looks at: the agent watches the clipboard for it, and what it says goes to that page alone.
import { type Clip, readClip } from "../shared/clip";
import type { Place } from "./desk";

interface Teller {
  tell(message: Record<string, unknown>): Promise<boolean>;
}

export class Focus {
  private current: { place: Place; key: string } | undefined;

  constructor(
    private readonly agent: Teller,
    private readonly send: (tab: number, frame: number, clip: Clip) => void,
    private readonly newKey: () => string = () => (crypto.randomUUID() + crypto.randomUUID()).replaceAll("-", ""),
  ) {}

  async change(place: Place, isFocused: boolean): Promise<void> {
    const { origin } = place;
    if (isFocused) {
      const key = this.newKey();
      this.current = { place, key };
      await this.agent.tell({ type: "focus", focused: true, origin, key });
    } else if (this.isCurrent(place)) {
      // Another frame that has the focus by now is not robbed of it.
      this.current = undefined;
      await this.agent.tell({ type: "focus", focused: false });
    }
  }

  // A clip under the key of an earlier focus is nobody's.
  clip(message: unknown): void {
    const clip = readClip(message);
    if (clip && this.current?.key === clip.key) {
      const { tab, frame } = this.current.place.place;
      this.send(tab, frame, clip);
    }
  }

  private isCurrent({ origin, place }: Place): boolean {
    const { current } = this;
    return current !== undefined && current.place.origin === origin && current.place.place.tab === place.tab && current.place.place.frame === place.frame;
  }
}
