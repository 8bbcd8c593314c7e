/** What puts a change of daemon.json in force, and what that does to the containers that run. */
import { booleanAt, textAt } from "../../facts/raw.ts";
import type { DaemonData, Snapshot } from "../../snapshot/model.ts";
import { isReloadable } from "./keys.ts";

/** The systemd unit that the engine's process belongs to; null where none started it. */
export function findUnit({ pid, units, rootless }: DaemonData): string | null {
  const file = units.find(({ path }) => path.endsWith(".service"));
  return pid === null || rootless || file === undefined ? null : file.path.slice(file.path.lastIndexOf("/") + 1);
}

/** What has to be done to the engine before the keys are in force. */
export function describeNeed(keys: readonly string[], data: DaemonData): string | null {
  const unit = findUnit(data);
  if (data.pid === null) return "the engine does not run: its next start puts it in force";
  if (keys.every(isReloadable)) return `the engine has to be reloaded (${unit === null ? `kill -HUP ${data.pid}` : `systemctl reload ${trim(unit)}`})`;
  const waiting = keys.some(isReloadable) ? ` for ${keys.filter((key) => !isReloadable(key)).join(", ")}` : "";
  if (unit === null) return `the engine has to be restarted${waiting} by whoever started it: no service manager does, so that harden cannot`;
  return `the engine has to be restarted${waiting} (systemctl restart ${trim(unit)}), which stops containers unless live-restore is in force`;
}

/** What a reload or a restart takes along that nobody may have in mind. */
export function describeTaking(keys: readonly string[], { startedAt, configFile: { modifiedAt, path } }: DaemonData, snapshot: Snapshot): string[] {
  const changed = startedAt !== null && modifiedAt !== null && modifiedAt > startedAt;
  const lost = keys.every(isReloadable) || keys.includes("live-restore") || booleanAt(snapshot.sources.engine.data?.info, "LiveRestoreEnabled") === true ? [] : listNotRestarted(snapshot);
  return [
    ...(changed ? [`${path} was changed after the engine started: what else was changed comes in force too`] : []),
    ...(lost.length === 0 ? [] : [`no restart policy brings these back when the engine restarts: ${lost.join(", ")}`]),
  ];
}

/** Names of running containers that the engine does not start again after its own restart (restart policies no and on-failure). */
function listNotRestarted({ sources }: Snapshot): string[] {
  return (sources.containers.data ?? []).flatMap(({ name, inspect }) => {
    const policy = textAt(inspect, "HostConfig", "RestartPolicy", "Name");
    return booleanAt(inspect, "State", "Running") === true && policy !== "always" && policy !== "unless-stopped" ? [name] : [];
  }).sort();
}

function trim(unit: string): string {
  return unit.replace(/\.service$/, "");
}
