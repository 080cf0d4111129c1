// SPDX-License-Identifier: Apache-2.0
export type FailMode = "closed" | "open";

export function readFailMode(value: unknown): FailMode | undefined {
  return value === "closed" || value === "open" ? value : undefined;
}

// What holds while the agent cannot be reached: the stricter of what IT set in managed storage and what the agent's last
// policy said. Neither known: closed.
export function effectiveFailMode(managed: FailMode | undefined, pushed: FailMode | undefined): FailMode {
  if (managed === "closed" || pushed === "closed") {
    return "closed";
  }
  return managed ?? pushed ?? "closed";
}
