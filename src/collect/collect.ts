/**
 * Takes a snapshot: all sources side by side, each alone in its file, each bounded in time and able to fail without the others.
 *
 * Which processes are containers follows from the engine's answers, and whose network namespace counts from who owns its socket. Host
 * sources are joined with it only if it is proved to run on this machine.
 */
import type { Snapshot, SourceName, Sources } from "../snapshot/model.ts";
import { SNAPSHOT_VERSION } from "../snapshot/version.ts";
import { askEngine } from "./ask-engine.ts";
import { addCompose, type ReadCompose } from "./compose.ts";
import { findEndpoint, type Endpoint } from "./endpoint.ts";
import { findSubject, lookEarly } from "./find-subject.ts";
import { keepApart, readHost, type ReadSysctl } from "./read-host.ts";
import { SOURCE_TIMEOUT, type Subject } from "./subject.ts";
import { collectSysctl, type SysctlKeys } from "./sysctl.ts";

export interface CollectOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Sysctl keys (globs); of the host all others are read too, but those of single interfaces. */
  readonly sysctls: SysctlKeys;
  readonly tool: Snapshot["tool"];
  readonly progress: (text: string) => void;
  readonly now: () => Date;
  /** Without it compose files are not read, and the snapshot does not tell of them. */
  readonly readCompose?: ReadCompose;
  /** Time that any one call of the engine may take, milliseconds. */
  readonly timeout?: number;
}

/** A snapshot, and the engine that this machine's sources were joined with, or why they were not. */
export interface Look {
  readonly snapshot: Snapshot;
  readonly subject: Subject | string;
}

/** Throws HardenError if DOCKER_HOST is not understood, and for nothing that the machine or the engine does. */
export async function collectSnapshot(options: CollectOptions): Promise<Snapshot> {
  return (await lookAt(await findEndpoint(options.environment), options)).snapshot;
}

/** The same from an endpoint that is known. */
export function lookAt(endpoint: Endpoint, options: CollectOptions): Promise<Look> {
  const asking = askEngine(endpoint, options.timeout ?? SOURCE_TIMEOUT, options.progress);
  return joinHost(endpoint, options, asking, (subject, interfaces) => collectSysctl(subject, options.sysctls, interfaces));
}

/** Joins what the engine answers with what is read of this machine meanwhile and afterwards. */
export async function joinHost(
  endpoint: Endpoint, options: CollectOptions, asking: ReturnType<typeof askEngine>, readSysctl: ReadSysctl,
): Promise<Look> {
  const early = await lookEarly(endpoint);
  const { sources, images } = await asking;
  const subject = await findSubject(endpoint, sources, early);
  options.progress("reading this host …");
  const host = typeof subject === "string" ? await keepApart(subject) : await readHost(subject, sources, early, readSysctl);
  const all = { ...sources, ...host, images: await images };
  const snapshot: Snapshot = {
    schemaVersion: SNAPSHOT_VERSION,
    tool: options.tool,
    collectedAt: options.now().toISOString(),
    sources: Object.fromEntries(ORDER.map((name) => [name, all[name]])) as Sources,
  };
  return { snapshot: options.readCompose === undefined ? snapshot : await addCompose(snapshot, options.readCompose), subject };
}

/** The order of the document: what was asked for first stands first. */
const ORDER: readonly Exclude<SourceName, "compose">[] = [
  "host", "engine", "containers", "networks", "volumes", "images", "processes", "daemon", "iptables", "ipset", "nftables", "saved-rules",
  "addresses", "sysctl", "boot", "conntrack", "resolvers", "files",
];
