/** Where the rules and routes come from: this host, a snapshot, or files. */
import { HardenError } from "../../errors.ts";
import { openNetwork, prepareFirewall, type HostNetwork, type Prepared } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { say } from "../progress.ts";
import { writeNote } from "../streams.ts";
import type { TraceFlags } from "./flags.ts";

export interface TraceSource {
  readonly prepared: Prepared;
  /** Null: what depends on routing is unknown. */
  readonly network: HostNetwork | null;
}

const READING = "reading the rules …";

/** Throws HardenError for what cannot be read, with file, line and column. */
export async function readTraceSource(flags: TraceFlags): Promise<TraceSource> {
  if (flags.ruleset === undefined) {
    const snapshot = await takeOrRead(flags.snapshot);
    say(READING);
    return fromSnapshot(snapshot);
  }
  say(READING);
  const [{ readRulesetFiles }, { readNetworkFiles }] = await Promise.all([import("./ruleset-files.ts"), import("./network-files.ts")]);
  const firewall = await readRulesetFiles(flags.ruleset);
  const network = flags.network === undefined ? null : openNetwork(await readNetworkFiles(flags.network));
  return { prepared: prepareFirewall(firewall), network };
}

async function takeOrRead(file: string | undefined): Promise<Snapshot> {
  return file === undefined ? (await import("../collect.ts")).takeSnapshot({ all: [], inContainers: [] }) : (await import("../load-snapshot.ts")).loadSnapshot(file);
}

async function fromSnapshot(snapshot: Snapshot): Promise<TraceSource> {
  const { readFirewall } = await import("../../facts/firewall.ts");
  const firewall = readFirewall(snapshot);
  if (typeof firewall === "string") throw new HardenError(`the rules are not known: ${firewall}`, { hint: "run harden as root, or give --snapshot or --ruleset" });
  const { status, detail } = snapshot.sources.addresses;
  if (firewall.network === null) writeNote(`harden: links and routes are not known (${detail ?? status}): what depends on them is unknown\n`);
  return firewall;
}
