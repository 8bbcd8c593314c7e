/** What changes without an event of the engine: rule sets, addresses and routes, sysctls, connection tracking, configuration of engine and boot, compose files. */
import type { Snapshot, Sources } from "../../snapshot/model.ts";
import { startAroundEngine } from "../around-engine.ts";
import { addCompose, type ReadCompose } from "../compose.ts";
import { guard } from "../guard.ts";
import { listOwnInterfaces } from "../own-interfaces.ts";
import { beginConntrack, settle } from "../read-host.ts";
import type { Subject } from "../subject.ts";
import { collectSysctl, type SysctlKeys } from "../sysctl.ts";
import { isSteady, POLLED, type PolledSources } from "./steady.ts";

/** Those sources anew, or null where they say what they said before, but for what always runs: counters, timers, processes. */
export async function pollKernel(subject: Subject, sysctls: SysctlKeys, before: Sources): Promise<PolledSources | null> {
  const finish = beginConntrack(subject);
  const around = startAroundEngine(subject);
  const sysctl = await guard(async () => collectSysctl(subject, sysctls, listOwnInterfaces(await around.addresses)));
  const now = { ...(await settle(around)), sysctl, conntrack: await guard(finish) };
  return POLLED.every((name) => isSteady(name, before, now)) ? null : now;
}

export interface ComposePoll {
  readonly readCompose: ReadCompose;
  /** Whether a file that it read the last time is not what it was. */
  readonly hasComposeChanged: () => boolean;
}

/** The snapshot with what the compose files say now, or null where that is what they said before. Nothing is read of files that nobody has touched. */
export async function pollCompose(snapshot: Snapshot, { readCompose, hasComposeChanged }: ComposePoll): Promise<Snapshot | null> {
  if (!hasComposeChanged()) return null;
  const now = await addCompose(snapshot, readCompose);
  return JSON.stringify(now.sources.compose) === JSON.stringify(snapshot.sources.compose) ? null : now;
}
