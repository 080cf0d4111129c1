// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { placesIn, restored } from "../src/shared/placeholders";

const known: Record<string, string> = { "[[CARD_1_K7]]": "4111 1111 1111 1111", "[[NAME_2_QX]]": "Ada <i>" };
const valueOf = (placeholder: string): string | undefined => known[placeholder];

describe("placeholders in what a page shows", () => {
  it("finds them as models leave them", () => {
    for (const text of ["[[CARD_1_K7]]", "[[card_1_k7]]", "[[ CARD-1-K7 ]]", "[[CARD 1 K7]]", "[[CARD\\_1\\_K7]]", "CARD_1_K7"]) {
      expect(placesIn(`a ${text}, b`)).toEqual([{ begin: 2, end: 2 + text.length, text }]);
    }
  });
  it("leaves what is none", () => {
    for (const text of ["[[CARD]]", "[[CARD_1]]", "card_1_k7", "MY_CARD_1_K7_X", "[[1_1_11]]", "A_1_K7"]) {
      expect(placesIn(text), text).toEqual([]);
    }
  });
  it("restores only what is known", () => {
    expect(restored("pay [[CARD_1_K7]] to [[CARD_9_ZZ]]", valueOf)).toBe("pay 4111 1111 1111 1111 to [[CARD_9_ZZ]]");
    expect(restored("[[CARD_9_ZZ]]", valueOf)).toBeUndefined();
    expect(restored("nothing", valueOf)).toBeUndefined();
  });
  it("escapes where it must", () => {
    expect(restored("<b>[[NAME_2_QX]]</b>", valueOf, (value) => value.replace(/</g, "&lt;"))).toBe("<b>Ada &lt;i></b>");
  });
});
