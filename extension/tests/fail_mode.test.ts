// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { effectiveFailMode, readFailMode } from "../src/shared/fail_mode";

describe("fail mode", () => {
  it.each([
    [undefined, undefined, "closed"],
    [undefined, "open", "open"],
    [undefined, "closed", "closed"],
    ["open", undefined, "open"],
    ["open", "open", "open"],
    ["open", "closed", "closed"],
    ["closed", undefined, "closed"],
    ["closed", "open", "closed"],
    ["closed", "closed", "closed"],
  ] as const)("managed %s and pushed %s: %s", (managed, pushed, expected) => {
    expect(effectiveFailMode(managed, pushed)).toBe(expected);
  });
  it("reads nothing but its two words", () => {
    expect(["closed", "open", "OPEN", "", 1, null, undefined, {}].map(readFailMode)).toEqual(
      ["closed", "open", undefined, undefined, undefined, undefined, undefined, undefined],
    );
  });
});
