// SPDX-License-Identifier: Apache-2.0
// The browser's i18n, in English, for everything that speaks.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach } from "vitest";

const messages = JSON.parse(readFileSync(join(import.meta.dirname, "../_locales/en/messages.json"), "utf8")) as Record<string, { message: string }>;
export const i18n = {
  getMessage: (key: string, values: string[] = []): string => (messages[key]?.message ?? "").replace(/\$(\d)/g, (_all, number: string) => values[Number(number) - 1] ?? ""),
};

beforeEach(() => {
  const chrome = (globalThis as { chrome?: { i18n?: unknown } }).chrome ?? {};
  chrome.i18n ??= i18n;
  (globalThis as { chrome?: unknown }).chrome = chrome;
});
