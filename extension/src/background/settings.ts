// SPDX-License-Identifier: Apache-2.0
// What the worker remembers between its lives: the last policy (storage.local), what IT set (storage.managed), the id of
// this browser profile, and counts of what happened while the agent was away (storage.session).
import { sites } from "../../sites/index";
import type { Site } from "../../sites/site";
import { type Decision, readDecisions, withDecision } from "../shared/decisions";
import type { Managed } from "../shared/messages";
import { effectiveFailMode, type FailMode, readFailMode } from "../shared/fail_mode";
import { type Answers, type EventWord, kPatience, type Policy, readPolicy, type Unlisted } from "../shared/protocol";
import { isGuarded, matchesPath, siteOf } from "../shared/site_match";

const kMissedLimit = 100;

export interface Missed {
  what: EventWord;
  origin: string;
  count: number;
}

export class Settings {
  private policy: Policy | undefined;
  private managed: FailMode | undefined;
  private afterRedaction: unknown;
  private keeping: Promise<void> = Promise.resolve();
  readonly ready: Promise<void>;

  constructor(private readonly changed: () => void) {
    this.ready = this.load();
    chrome.storage.onChanged.addListener((_changes, area) => {
      if (area === "managed") {
        void this.readManaged().then(this.changed);
      }
    });
  }

  private async load(): Promise<void> {
    await chrome.storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });
    const stored = await chrome.storage.local.get("policy");
    this.policy = readPolicy(stored.policy);
    await this.readManaged();
  }

  // Empty right after installation, and then filled: onChanged tells.
  private async readManaged(): Promise<void> {
    const values = await chrome.storage.managed.get(["failMode", "afterRedaction"]).catch(() => ({}) as Record<string, unknown>);
    this.managed = readFailMode(values.failMode);
    this.afterRedaction = values.afterRedaction;
  }

  async setPolicy(value: unknown): Promise<void> {
    const policy = readPolicy(value);
    if (policy) {
      this.policy = policy;
      await chrome.storage.local.set({ policy });
      this.changed();
    }
  }

  get failMode(): FailMode {
    return effectiveFailMode(this.managed, this.policy?.failMode);
  }
  get sendsRedacted(): boolean {
    return this.afterRedaction !== "show";
  }
  get answers(): Answers {
    return this.policy?.answers ?? "leave";
  }
  // All that is listed, ours and policy's, by name.
  get listed(): Managed["sites"] {
    const hosts = [...sites.map((site) => site.hosts), ...(this.policy?.sites ?? []).map((site) => site.hosts)];
    const rows = hosts.map(([first = "", ...rest]) => ({ name: this.siteOf(first)?.name ?? first, hosts: [first, ...rest], isGuarded: this.isGuarded(first) }));
    return rows.filter((row, i) => rows.findIndex((each) => each.hosts[0] === row.hosts[0]) === i).sort((a, b) => a.name.localeCompare(b.name));
  }
  get hasFastPath(): boolean {
    return this.policy?.hasFastPath ?? false;
  }
  get patience(): number {
    return this.policy?.patience ?? kPatience;
  }
  get unlisted(): Unlisted {
    return this.policy?.unlisted ?? "ignore";
  }
  get aiHosts(): string[] {
    return this.policy?.aiHosts ?? [];
  }
  // Some list says something about the host.
  isListed(host: string): boolean {
    return siteOf(host, this.policy?.sites, sites) !== undefined;
  }
  get revision(): string {
    return this.policy?.revision ?? "";
  }
  siteOf(host: string): Site | undefined {
    return siteOf(host, this.policy?.sites, sites);
  }
  // Of every site that is guarded: its own hosts, and those that its scripts send to.
  get hosts(): string[] {
    const policy = this.policy?.sites.filter((site) => site.guarded) ?? [];
    return [...new Set([...sites, ...policy].flatMap((site) => [...site.hosts, ...(site.helpers ?? [])]))];
  }
  // All that is guarded, ours and policy's, each as it is known by now.
  get guardedSites(): Site[] {
    const firsts = [...sites.map((site) => site.hosts), ...(this.policy?.sites ?? []).map((site) => site.hosts)].map(([first = ""]) => first);
    return [...new Set(firsts)].filter((host) => this.isGuarded(host)).flatMap((host) => this.siteOf(host) ?? []);
  }
  // Guarded by policy, and not in our own list.
  get addedHosts(): string[] {
    const own = new Set(sites.flatMap((site) => site.hosts));
    return (this.policy?.sites ?? []).filter((site) => site.guarded).flatMap((site) => site.hosts.filter((host) => !own.has(host)));
  }
  isGuardedAt(address: string): boolean {
    const { hostname, pathname } = new URL(address);
    const paths = this.siteOf(hostname)?.paths;
    return this.isGuarded(hostname) && (!paths || matchesPath(paths, pathname));
  }
  isGuarded(host: string): boolean {
    return isGuarded(host, this.policy?.sites, sites);
  }

  async profile(): Promise<string> {
    const stored = await chrome.storage.local.get("profile");
    if (typeof stored.profile === "string") {
      return stored.profile;
    }
    const profile = crypto.randomUUID();
    await chrome.storage.local.set({ profile });
    return profile;
  }

  async remember(what: EventWord, origin: string): Promise<void> {
    const missed = await this.missed();
    const row = missed.find((each) => each.what === what && each.origin === origin);
    if (row) {
      row.count = Math.min(row.count + 1, 65535);
    } else if (missed.length < kMissedLimit) {
      missed.push({ what, origin, count: 1 });
    }
    await chrome.storage.session.set({ missed });
  }
  async missed(): Promise<Missed[]> {
    const stored = await chrome.storage.session.get("missed");
    return Array.isArray(stored.missed) ? (stored.missed as Missed[]) : [];
  }

  // AI sites that were found since the browser was started.
  async foundHosts(): Promise<string[]> {
    const stored = (await chrome.storage.session.get("foundHosts")).foundHosts as unknown;
    return Array.isArray(stored) ? stored.filter((each): each is string => typeof each === "string") : [];
  }
  async keepFound(hosts: readonly string[]): Promise<void> {
    await chrome.storage.session.set({ foundHosts: [...hosts] });
  }

  // One after the other: two at once would lose one.
  keep(decision: Decision): void {
    this.keeping = this.keeping.then(async () => {
      const decisions = withDecision(await this.decisions(), decision);
      await chrome.storage.session.set({ decisions });
    });
  }
  async decisions(): Promise<Decision[]> {
    return readDecisions((await chrome.storage.session.get("decisions")).decisions);
  }

  async forget(): Promise<void> {
    await chrome.storage.session.remove("missed");
  }
}
