// SPDX-License-Identifier: Apache-2.0
import { expect, it, vi } from "vitest";

const notify = vi.hoisted(() => vi.fn());
vi.mock("../src/ui/notice", () => ({ notify }));
const { closed } = await import("../src/content/closed");

const made = () => new Event("paste", { cancelable: true });

it("a listener that fails stops the event, and says so", () => {
  const event = made();
  const stopped = vi.spyOn(event, "stopImmediatePropagation");
  closed("paste", () => {
    throw new Error("Permission denied");
  })(event);
  expect(event.defaultPrevented).toBe(true);
  expect(stopped).toHaveBeenCalled();
  expect(notify).toHaveBeenCalledOnce();
});
it("one that does its work is left alone", () => {
  const event = made();
  closed("paste", () => undefined)(event);
  expect(event.defaultPrevented).toBe(false);
});
