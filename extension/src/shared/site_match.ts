// SPDX-License-Identifier: Apache-2.0
import type { Site } from "../../sites/site";
import type { PolicySite } from "./protocol";

// "example.com" matches that host alone; "*.example.com" matches the hosts below it, and not itself.
export function matchesHost(pattern: string, host: string): boolean {
  const wanted = pattern.toLowerCase();
  const actual = host.toLowerCase().replace(/\.$/, "");
  if (!wanted.startsWith("*.")) {
    return wanted === actual;
  }
  const suffix = wanted.slice(1);
  return actual.length > suffix.length && actual.endsWith(suffix);
}

export function matchesAny(patterns: readonly string[], host: string): boolean {
  return patterns.some((pattern) => matchesHost(pattern, host));
}

// The first entry of policy that names the host decides; else our own list does.
export function isGuarded(host: string, policy: readonly PolicySite[] | undefined, builtIn: readonly Site[]): boolean {
  const entry = policy?.find((site) => matchesAny(site.hosts, host));
  return entry ? entry.guarded : builtIn.some((site) => matchesAny(site.hosts, host));
}
