// SPDX-License-Identifier: Apache-2.0
import { createHash, createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { hmacSha256, sha256 } from "../src/shared/digest";

it.each([0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 1000, 70_000])("is SHA-256 for %i bytes", (length) => {
  const text = "abcdefghij".repeat(Math.ceil(length / 10)).slice(0, length);
  expect(sha256(text)).toBe(createHash("sha256").update(text).digest("hex"));
});
it("is taken over UTF-8", () => {
  expect(sha256("😀 ä")).toBe(createHash("sha256").update("😀 ä", "utf8").digest("hex"));
});
it.each([0, 1, 55, 63, 64, 5000])("is HMAC-SHA-256 over %i bytes", (length) => {
  const key = "0123456789abcdef".repeat(4);
  const text = "ä".repeat(length);
  expect(hmacSha256(key, text)).toBe(createHmac("sha256", key).update(text, "utf8").digest("hex"));
  expect(hmacSha256(key.slice(0, 32), text)).toBe(createHmac("sha256", key.slice(0, 32)).update(text, "utf8").digest("hex"));
});
