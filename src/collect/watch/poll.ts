/** What changes without an event of the engine: rule sets, addresses and routes, sysctls, connection tracking, configuration of engine and boot. */
import type { Sources } from "../../snapshot/model.ts";
import { startAroundEngine } from "../around-engine.ts";
import { guard } from "../guard.ts";
import { beginConntrack, settle } from "../read-host.ts";
import type { Subject } from "../subject.ts";
import { collectSysctl, type SysctlKeys } from "../sysctl.ts";
import { isSteady, POLLED, type PolledSources } from "./steady.ts";

/** Those sources anew, or null where they say what they said before, but for what always runs: counters, timers, processes. */
export async function pollKernel(subject: Subject, sysctls: SysctlKeys, before: Sources): Promise<PolledSources | null> {
  const finish = beginConntrack(subject);
  const around = settle(startAroundEngine(subject));
  const sysctl = await guard(() => collectSysctl(subject, sysctls));
  const now = { ...(await around), sysctl, conntrack: await guard(finish) };
  return POLLED.every((name) => isSteady(name, before, now)) ? null : now;
}
