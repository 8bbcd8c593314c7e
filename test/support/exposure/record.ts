/** Records of hosts on which connections were tried: one compressed JSON document each. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Snapshot } from "../../../src/snapshot/model.ts";
import type { TriedHost } from "./try.ts";

export const RECORDS = fileURLToPath(new URL("../../fixtures/exposure/", import.meta.url));

/** Sources that tell nothing of who reaches what. */
const LEFT_OUT = ["volumes", "images", "processes", "saved-rules", "boot", "conntrack", "resolvers", "files"] as const;

export function writeRecord(tried: TriedHost): void {
  writeFileSync(join(RECORDS, `${tried.name}.json.gz`), gzipSync(JSON.stringify({ ...tried, snapshot: trim(tried.snapshot) }), { level: 9 }));
}

/** Names of all records, sorted. */
export function listRecords(): readonly string[] {
  return readdirSync(RECORDS).filter((name) => name.endsWith(".json.gz")).map((name) => name.replace(".json.gz", "")).sort();
}

export function readRecord(name: string): TriedHost {
  return JSON.parse(gunzipSync(readFileSync(join(RECORDS, `${name}.json.gz`))).toString("utf8")) as TriedHost;
}

function trim(snapshot: Snapshot): Snapshot {
  const sysctl = snapshot.sources.sysctl;
  const host = Object.fromEntries(Object.entries(sysctl.data?.host ?? {}).filter(([key]) => key.startsWith("net.")));
  const nothing = Object.fromEntries(LEFT_OUT.map((name) => [name, { status: "absent", detail: "not recorded", data: null }]));
  const named = forgetMachine(snapshot);
  return { ...named, sources: { ...named.sources, ...nothing, sysctl: { ...sysctl, data: sysctl.data === null ? null : { ...sysctl.data, host, namespaces: [] } } } };
}

/** Whose machine it was, and in which folder the engine lived, says nothing. */
function forgetMachine(snapshot: Snapshot): Snapshot {
  const { hostname = "", kernel = "" } = snapshot.sources.host.data ?? {};
  const text = JSON.stringify(snapshot)
    .replaceAll(`"${hostname}"`, '"recorded"')
    .replaceAll(kernel, kernel.split("-")[0] ?? "")
    .replaceAll(/\/tmp\/harden-\w+/g, "/srv/recorded");
  return JSON.parse(text) as Snapshot;
}
