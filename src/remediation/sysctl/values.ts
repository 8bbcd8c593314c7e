/** Which value a key gets: what the policy asks for, unless one that is there already is good. */
import type { Sysctl } from "../../facts/model/sysctl.ts";
import type { ResultWith } from "../findings.ts";

/** A key that failing results want to have a value. */
export interface Wish {
  readonly key: string;
  readonly value: string;
  readonly results: readonly ResultWith<"sysctl">[];
}

/**
 * Keys and values of one failing result. A policy asks for a bound, and its value is the bound itself: where the running value is beyond it and
 * only the boot is at fault, or the reverse, the better one is kept. A policy that sets none wants the running value kept.
 */
export function chooseValues(result: ResultWith<"sysctl">, sysctls: ReadonlyMap<string, Sysctl>): [string, string][] {
  const { name, id } = result.resource;
  const { set } = result.remediation;
  const sysctl = sysctls.get(id ?? "");
  if (sysctl !== undefined && sysctl.highest !== null) return listInterfaceKeys(result, sysctl);
  if (name === null || (Object.keys(set).length > 0 && !Object.hasOwn(set, name))) return Object.entries(set);
  const value = findGoodValue(result, sysctl) ?? set[name] ?? sysctl?.value ?? null;
  return value === null ? [] : [[name, value]];
}

/**
 * Of a setting that every interface has, for the protocol of the key that failed: `*` stands for the interfaces at fault and for `default`, from which
 * later ones start. Interfaces that the boot does not know yet are left to `default` there.
 */
function listInterfaceKeys({ remediation: { set }, evidence }: ResultWith<"sysctl">, { name, lowestOn, highestOn }: Sysctl): [string, string][] {
  const protocol = name.split(".").slice(0, 3).join(".");
  const interfaces = evidence.some(({ path }) => path === "lowest") ? lowestOn : highestOn;
  return Object.entries(set).filter(([key]) => key.startsWith(`${protocol}.`)).flatMap(([key, value]): [string, string][] => {
    const parts = key.split(".");
    if (parts[3] !== "*") return [[key, value]];
    return [...new Set([...interfaces, "default"])].map((one) => [parts.with(3, one.replaceAll(".", "/")).join("."), value]);
  });
}

/** The evidence holds the conditions that failed: about what runs (`number`, `value`), or about the boot (`bootNumber`). */
function findGoodValue({ evidence }: ResultWith<"sysctl">, sysctl: Sysctl | undefined): string | null {
  if (sysctl === undefined) return null;
  const paths = evidence.filter(({ path, unknown }) => unknown === null && path !== "scope" && path !== "exists").map(({ path }) => path);
  const bootFails = paths.some((path) => path.startsWith("boot"));
  const runningFails = paths.some((path) => !path.startsWith("boot"));
  if (bootFails && !runningFails) return sysctl.value;
  return runningFails && !bootFails ? sysctl.boot : null;
}

const BUCKETS = "net.netfilter.nf_conntrack_buckets";
const MAX = "net.netfilter.nf_conntrack_max";
/** Entries in a bucket when the table is full, as sysctl-conntrack-buckets wants it. */
const ENTRIES_PER_BUCKET = 8;

/** As many buckets as the table needs that is planned or runs, if that is more than was asked for. */
export function fitBuckets(wishes: readonly Wish[], sysctls: ReadonlyMap<string, Sysctl>): Wish[] {
  const max = Number(wishes.find(({ key }) => key === MAX)?.value ?? sysctls.get(`host:${MAX}`)?.value ?? 0);
  const least = Math.ceil(max / ENTRIES_PER_BUCKET);
  return wishes.map((wish) => (wish.key === BUCKETS && Number(wish.value) < least ? { ...wish, value: String(least) } : wish));
}
