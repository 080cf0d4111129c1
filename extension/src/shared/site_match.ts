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

// "/a/*/b" where "*" is any run of characters.
export function matchesPath(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => {
    const [first = "", ...rest] = pattern.split("*");
    let position = first.length;
    if (!path.startsWith(first) || rest.length === 0) {
      return path === pattern;
    }
    const tail = rest.pop() ?? "";
    for (const piece of rest) {
      const found = path.indexOf(piece, position);
      if (found < 0) {
        return false;
      }
      position = found + piece.length;
    }
    return path.length - tail.length >= position && path.endsWith(tail);
  });
}

// The first entry of policy that names the host decides; else our own list does.
export function isGuarded(host: string, policy: readonly PolicySite[] | undefined, builtIn: readonly Site[]): boolean {
  const entry = policy?.find((site) => matchesAny(site.hosts, host));
  return entry ? entry.guarded : builtIn.some((site) => matchesAny(site.hosts, host));
}

// What is known of a host: our own list, and over it what policy says. Undefined when nobody has heard of it.
export function siteOf(host: string, policy: readonly PolicySite[] | undefined, builtIn: readonly Site[]): Site | undefined {
  const own = builtIn.find((site) => matchesAny(site.hosts, host));
  const entry = policy?.find((site) => matchesAny(site.hosts, host));
  if (!entry) {
    return own;
  }
  const { guarded: _guarded, ...told } = entry;
  return { name: host, composer: "", send: "", ...own, ...told, hosts: [...new Set([...(own?.hosts ?? []), ...entry.hosts])] };
}
