/** What harden sees of this machine, judged: before a change and again after it. */
import { HardenError } from "../../errors.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import type { LocatedSettings } from "../../policy/settings.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { isEngineNamed } from "../../collect/endpoint.ts";
import { takeSnapshot } from "../collect.ts";
import { type Judged, judgeHost } from "../judge-host.ts";
import { clearLine } from "../streams.ts";

export interface Seen extends Judged {
  readonly snapshot: Snapshot;
}

export async function lookAtHost(compiled: readonly CompiledPolicy[], settings: LocatedSettings | null): Promise<Seen> {
  const { listSysctlNames } = await import("../../policy/sysctl-names.ts");
  const snapshot = await takeSnapshot(listSysctlNames(compiled.map(({ policy }) => policy)));
  const judged = await judgeHost(snapshot, compiled, settings);
  // What follows may be a long wait.
  clearLine();
  return { snapshot, ...judged };
}

/** Throws HardenError where the engine is not one whose host this process can change. */
export async function requireOwnEngine({ sources: { engine } }: Snapshot): Promise<void> {
  // None at the usual place is a host without an engine; none where one was named is a mistake.
  const isMissed = engine.status === "absent" && (await isEngineNamed(process.env));
  if (engine.status === "denied" || engine.status === "failed" || isMissed) {
    throw new HardenError(`the engine cannot be asked: ${engine.detail ?? engine.status}`, { hint: "mend that first: without its answers nobody knows what a change would do to it" });
  }
  if (engine.data === null) return;
  const { local, localReason, pid } = engine.data;
  if (!local) throw new HardenError(`the engine is not on this machine: ${localReason}`, { hint: "run harden where the engine runs" });
  if (pid === null) return;
  const { readlinkSync } = await import("node:fs");
  if (readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync("/proc/self/ns/net")) {
    throw new HardenError(`the engine (process ${pid}) runs in another network namespace than this command`, { hint: `nsenter --net=/proc/${pid}/ns/net harden apply …` });
  }
}
