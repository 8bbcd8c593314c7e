/** Connection tracking of each network namespace: how full its table is, and whether entries are being dropped. */
import type { ConntrackNamespace, Snapshot } from "../../snapshot/model.ts";
import type { Host } from "../model/host.ts";
import { namespaceNamer } from "../namespace-owner.ts";
import type { Part } from "../part.ts";
import type { Place } from "../resource.ts";
import { MAXIMUM_KEY } from "../sysctl/buckets.ts";
import { parseKernelNumber } from "../sysctl/kernel-number.ts";

const COUNT_KEY = "net.netfilter.nf_conntrack_count";

/** One namespace as its two sources show it; null where that source has nothing of it. */
interface Namespace {
  readonly key: string;
  readonly values: Readonly<Record<string, string | null>> | null;
  readonly valuesError: string | null;
  readonly samples: ConntrackNamespace | null;
}

export function deriveConntrack(snapshot: Snapshot): Part<Pick<Host, "conntrack">> {
  const { sysctl, conntrack } = snapshot.sources;
  if (sysctl.data === null && conntrack.data === null) {
    return { value: { conntrack: [] }, unknown: { "/conntrack": conntrack.detail ?? conntrack.status } };
  }
  const origins: Record<string, Place> = {};
  const unknown: Record<string, string> = {};
  const elements = listNamespaces(snapshot).filter((namespace) => !isUntracked(namespace)).map((namespace, index) => {
    const at = `/conntrack/${index}`;
    origins[at] = { source: "conntrack", key: namespace.key };
    return { key: namespace.key, ...describeUsage(namespace, at, unknown), drops: countDrops(namespace, at, unknown) };
  });
  return { value: { conntrack: elements }, origins, unknown };
}

function listNamespaces(snapshot: Snapshot): Namespace[] {
  const { sysctl, conntrack } = snapshot.sources;
  const nameNamespace = namespaceNamer(snapshot);
  const notRead = sysctl.detail ?? sysctl.status;
  const host: Namespace = {
    key: "host",
    values: sysctl.data?.host ?? null,
    valuesError: sysctl.data === null ? notRead : sysctl.data.netError,
    samples: conntrack.data?.host ?? null,
  };
  const others = new Map<string, Namespace>();
  for (const { namespace, containerIds, values, error } of sysctl.data?.namespaces ?? []) {
    others.set(namespace ?? containerIds.join(), { key: nameNamespace(containerIds), values, valuesError: error, samples: null });
  }
  for (const samples of conntrack.data?.namespaces ?? []) {
    const name = samples.namespace ?? samples.containerIds.join();
    const known = others.get(name) ?? { key: nameNamespace(samples.containerIds), values: null, valuesError: notRead };
    others.set(name, { ...known, samples });
  }
  return [host, ...[...others.values()].sort((a, b) => (a.key < b.key ? -1 : 1))];
}

/** The kernel's module is not loaded: it has neither the keys nor the counters. */
function isUntracked({ values, valuesError, samples }: Namespace): boolean {
  return values !== null && valuesError === null && !Object.hasOwn(values, MAXIMUM_KEY) && (samples === null || samples.samples.length === 0);
}

function describeUsage(
  { values, valuesError, samples }: Namespace, at: string, unknown: Record<string, string>,
): Pick<Host["conntrack"][number], "count" | "max" | "usage"> {
  const count = parseKernelNumber(values?.[COUNT_KEY] ?? null) ?? samples?.samples.at(-1)?.values["entries"] ?? null;
  const max = parseKernelNumber(values?.[MAXIMUM_KEY] ?? null);
  const reason = valuesError ?? samples?.error ?? "the kernel did not let it be read";
  if (count === null) unknown[`${at}/count`] = reason;
  if (max === null) unknown[`${at}/max`] = reason;
  if (count !== null && max !== null) return { count, max, usage: max === 0 ? 0 : count / max };
  unknown[`${at}/usage`] = reason;
  return { count, max, usage: null };
}

/** Growth of `drop` and `early_drop`; `insert_failed` also counts harmless races. */
function countDrops({ samples }: Namespace, at: string, unknown: Record<string, string>): number | null {
  const [first, last] = samples?.samples ?? [];
  const growth = first === undefined || last === undefined ? null : dropsOf(last.values) - dropsOf(first.values);
  if (growth !== null && growth >= 0) return growth;
  unknown[`${at}/drops`] = describeMissing(samples, growth);
  return null;
}

function describeMissing(samples: ConntrackNamespace | null, growth: number | null): string {
  if (growth !== null) return "the kernel's counters were reset between the two samples";
  if (samples?.error === "ENOENT" && samples.namespace !== null) return "the kernel has no /proc/net/stat/nf_conntrack, or the process ended meanwhile";
  return `the kernel's counters were not sampled twice: ${samples?.error ?? "not read"}`;
}

function dropsOf(values: Readonly<Record<string, number>>): number {
  return (values["drop"] ?? 0) + (values["early_drop"] ?? 0);
}
