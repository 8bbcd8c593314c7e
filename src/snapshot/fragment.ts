/** Files judged without a host: a snapshot of which only some sources were given. */
import type { Snapshot, SourceName, Sources } from "./model.ts";
import { SNAPSHOT_VERSION } from "./version.ts";

const NAMES: readonly SourceName[] = [
  "host", "engine", "containers", "networks", "volumes", "images", "processes", "daemon", "iptables", "ipset", "nftables", "saved-rules",
  "addresses", "sysctl", "boot", "conntrack", "resolvers", "files",
];

/** Every source that is not given is absent, for the reason in `detail`. */
export function fragmentOf(given: Partial<Sources>, detail = "it is no part of the files that were given"): Snapshot {
  const absent = { status: "absent", detail, data: null } as const;
  const sources = Object.fromEntries(NAMES.map((name) => [name, given[name] ?? absent])) as Sources;
  return { schemaVersion: SNAPSHOT_VERSION, tool: { name: "harden", version: "" }, collectedAt: "", sources };
}
