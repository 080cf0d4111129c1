// SPDX-License-Identifier: Apache-2.0
// The browser's own switch: rules that hold without any script of ours, with two uses.
// closed: while nobody checks and the fail mode is closed, what carries prompts on guarded sites is refused, whoever in the page
// sends it, at once and also where the browser grants no blocking request events.
// kept: what policy adds is refused from the start of the browser until this worker has read the policy. These rules outlive the
// browser's session, and the rule that lifts them does not.
import type { Site } from "../../sites/site";

export type Guards = Pick<Site, "hosts" | "helpers" | "prompts" | "quiet">;

type Rule = chrome.declarativeNetRequest.Rule;
type Condition = chrome.declarativeNetRequest.RuleCondition;

const kPriority = { kept: 1, awake: 2, closed: 3, quiet: 4 };
const kTypes = ["main_frame", "sub_frame", "xmlhttprequest", "ping", "other"] as chrome.declarativeNetRequest.ResourceType[];
const kReads = ["get", "head", "options"] as chrome.declarativeNetRequest.RequestMethod[];

const sending = (urlFilter: string): Condition => ({ urlFilter, resourceTypes: kTypes, excludedRequestMethods: kReads });
const block = (priority: number, filter: string): Omit<Rule, "id"> => ({ priority, action: { type: "block" as never }, condition: sending(filter) });
const allow = (priority: number, filter: string): Omit<Rule, "id"> => ({ priority, action: { type: "allow" as never }, condition: sending(filter) });
const numbered = (rules: readonly Omit<Rule, "id">[]): Rule[] => rules.map((rule, i) => ({ id: i + 1, ...rule }));

// "^" stands for what may follow a host: a port, a path. "||" takes subdomains too.
const wholeHost = (host: string): string => (host.startsWith("*.") ? `||${host.slice(2)}^` : `|https://${host}^`);
// In a path "*" means the same as there; what else has a meaning there, no path of a site has.
const withPath = (host: string, path: string): string => (/[|^]/.test(path) ? wholeHost(host) : `${host.startsWith("*.") ? `||${host.slice(2)}` : `|https://${host}`}*${path}`);

// While nobody checks.
export function closedRules(sites: readonly Guards[]): Rule[] {
  const rules = sites.flatMap(({ hosts, helpers = [], prompts, quiet = [] }) => [
    ...hosts.flatMap((host) => (prompts ? prompts.map((path) => block(kPriority.closed, withPath(host, path))) : [block(kPriority.closed, wholeHost(host))])),
    ...hosts.flatMap((host) => (prompts ? [] : quiet.map((path) => allow(kPriority.quiet, withPath(host, path))))),
    ...helpers.map((host) => block(kPriority.closed, wholeHost(host))),
  ]);
  return numbered([allow(kPriority.awake, "|https://"), ...rules]);
}

const openRules = (): Rule[] => closedRules([]);

export function keptRules(hosts: readonly string[]): Rule[] {
  return numbered([...new Set(hosts)].sort().map((host) => block(kPriority.kept, wholeHost(host))));
}

const idsOf = (rules: readonly Rule[]): number[] => rules.map(({ id }) => id);

export class Gate {
  private last: Promise<void> = Promise.resolve();

  // What is let go by us must not be refused by a rule of a moment ago.
  get settled(): Promise<void> {
    return this.last;
  }

  // This worker knows the policy by now: what policy adds is its own to judge.
  wake(): void {
    const addRules = openRules();
    this.last = this.last.then(() => chrome.declarativeNetRequest.updateSessionRules({ removeRuleIds: idsOf(addRules), addRules })).catch(() => undefined);
  }

  // `closed`: what nobody checks; undefined where somebody does, or the fail mode is open.
  set(closed: readonly Guards[] | undefined, added: readonly string[]): void {
    this.last = this.last.then(() => this.apply(closed ? closedRules(closed) : openRules(), keptRules(added))).catch(() => undefined);
  }

  private async apply(session: Rule[], kept: Rule[]): Promise<void> {
    const { declarativeNetRequest: rules } = chrome;
    await rules.updateSessionRules({ removeRuleIds: idsOf(await rules.getSessionRules()), addRules: session });
    const old = await rules.getDynamicRules();
    const filters = (list: readonly Rule[]): string => JSON.stringify(list.map(({ condition }) => condition.urlFilter).sort());
    if (filters(old) !== filters(kept)) {
      await rules.updateDynamicRules({ removeRuleIds: idsOf(old), addRules: kept });
    }
  }
}
