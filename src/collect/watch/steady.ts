/** Whether two answers of a source say the same, apart from what runs on by itself. */
import type { ConntrackNamespace, Sources, SysctlData } from "../../snapshot/model.ts";

export const POLLED = ["daemon", "iptables", "ipset", "nftables", "saved-rules", "addresses", "boot", "sysctl", "conntrack"] as const;
type PolledSource = (typeof POLLED)[number];
export type PolledSources = Pick<Sources, PolledSource>;

/** A change that is overlooked here would be seen late, one that is none costs some time: what is not known to run on by itself counts. */
export function isSteady(name: PolledSource, before: PolledSources, now: PolledSources): boolean {
  return before[name].status === now[name].status && printSteady(name, before) === printSteady(name, now);
}

/** What counts of an answer, as text. */
function printSteady(name: PolledSource, sources: PolledSources): string {
  return PRINTERS[name]?.(sources) ?? JSON.stringify(sources[name].data, dropRunning);
}

/** Those that need more than to leave out keys. */
const PRINTERS: Readonly<Partial<Record<PolledSource, (sources: PolledSources) => string>>> = {
  iptables: ({ iptables }) => JSON.stringify(iptables.data).replaceAll(/\[\d+:\d+\]|# (Generated|Completed)[^\\]*/g, ""),
  ipset: ({ ipset }) => (ipset.data ?? "").replaceAll(/ (timeout|packets|bytes) \d+/g, ""),
  sysctl: ({ sysctl }) => printSysctls(sysctl.data),
  conntrack: ({ conntrack }) => JSON.stringify([conntrack.data?.host, ...(conntrack.data?.namespaces ?? [])].map(printDrops)),
};

/**
 * Counters and quotas of nft, timeouts of set elements (libnftables-json(5)); life times of addresses and routes, timers of bridges (ip-address(8),
 * ip-link(8)); the start of dockerd, which is reckoned from the uptime and differs by a few milliseconds.
 */
const RUNNING = /^(packets|bytes|used|expires|expires_sec|(valid|preferred)_life_time|\w+_timer|startedAt)$/;

function dropRunning(key: string, value: unknown): unknown {
  return RUNNING.test(key) ? undefined : value;
}

/** What the kernel counts, and what it sets itself as it goes. */
const COUNTERS = /^(kernel\.(ns_last_pid|random\..*|pty\.nr|perf_event_max_sample_rate|tainted)|fs\.(file-nr|inode-nr|inode-state|dentry-state|aio-nr|quota\..*|mount-nr)|net\.netfilter\.nf_conntrack_count)$/;

function printSysctls(data: SysctlData | null): string {
  if (data === null) return "";
  return JSON.stringify([data.netError, printValues(data.host), data.namespaces.map(({ values, ...rest }) => [rest, printValues(values)])]);
}

function printValues(values: Readonly<Record<string, string | null>>): unknown {
  return [fillLevel(values), Object.entries(values).filter(([key]) => !COUNTERS.test(key))];
}

/** Of the connection tracking table, in twentieths: whether it is nearly full matters. */
function fillLevel(values: Readonly<Record<string, string | null>>): number {
  const [count, maximum] = ["count", "max"].map((key) => Number(values[`net.netfilter.nf_conntrack_${key}`] ?? 0));
  return Math.floor((20 * (count ?? 0)) / (maximum || 1));
}

/** Whether entries were dropped while the source was read. */
function printDrops(namespace: ConntrackNamespace | undefined): unknown {
  const [first, last] = namespace?.samples ?? [];
  const drops = (sample: typeof first): number => (sample?.values["drop"] ?? 0) + (sample?.values["early_drop"] ?? 0);
  return [namespace?.namespace, namespace?.containerIds, namespace?.error, drops(last) > drops(first)];
}
