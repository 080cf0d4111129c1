// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { setupFiles: ["tests/setup.ts"], testTimeout: 30_000 } });
