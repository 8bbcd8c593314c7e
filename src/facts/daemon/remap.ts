/** Whether container users are other users on the host: remapped, or all of it rootless. */
import type { DaemonData } from "../../snapshot/model.ts";
import type { Daemon } from "../model/daemon.ts";
import type { Configuration } from "./configuration.ts";
import { resolveSetting, toPart, type DaemonPart, type Resolved } from "./resolve.ts";
import { listSettings } from "./settings.ts";
import type { EngineAnswers } from "./told.ts";

type Remap = Pick<Daemon, "rootless" | "usernsRemap" | "remapped">;

/** `docker info` tells whether users are remapped, not to whom. */
export function deriveRemap(answers: EngineAnswers, configuration: Configuration | string, data: DaemonData | null): DaemonPart<Remap> {
  const { usernsRemap: setting } = listSettings(answers.apiVersion);
  const told = answers.remapped;
  const off = told?.value === false ? { value: null, origin: told.origin } : null;
  const given = resolveSetting<string | null>(setting, off, configuration);
  const rootless = deriveRootless(answers, configuration, data);
  const unnamed = told?.value === true && given.value === null;
  const usernsRemap = unnamed ? { ...given, origin: told.origin, unknown: "the engine tells that users are remapped, not to whom" } : given;
  const byName = { ...given, value: given.value !== null, drift: null };
  const remapped: Resolved<boolean> = rootless.value ? { ...rootless, drift: null }
    : told === null ? byName
    : { ...byName, value: told.value, unknown: null, origin: unnamed ? told.origin : given.origin };
  return toPart<Remap>({ rootless, usernsRemap, remapped });
}

function deriveRootless(answers: EngineAnswers, configuration: Configuration | string, data: DaemonData | null): Resolved<boolean> {
  if (answers.rootless !== null) return { ...answers.rootless, unknown: null, drift: null };
  const unknown = typeof configuration === "string" ? configuration : null;
  return { value: data?.rootless ?? false, origin: { source: "daemon", key: "rootless" }, unknown, drift: null };
}
