/** Flags that dockerd's unit says now and that the running process was not started with: a restart is pending. */
import type { Configuration } from "./configuration.ts";
import type { FlagValue } from "./flags.ts";
import type { Drift } from "./resolve.ts";

/** What only the process has may come from a variable of the unit whose value is not known. */
export function listUnitDrift({ running, flags, flagsUnknown, unit }: Configuration): Drift[] {
  if (!running || unit === null || flagsUnknown !== null) return [];
  const names = [...new Set([...unit.flags.keys(), ...flags.keys()])].sort();
  return names.flatMap((name) => {
    const planned = unit.flags.get(name);
    const present = flags.get(name);
    if (printValues(planned) === printValues(present)) return [];
    if (planned === undefined && unit.unresolved.length > 0) return [];
    const place = planned?.at(-1)?.place ?? { source: "daemon", key: `--${name}` };
    return [{ key: `--${name}`, file: printValues(planned), running: printValues(present), place }];
  });
}

function printValues(values: readonly FlagValue[] | undefined): string {
  return values === undefined ? "not set" : values.map(({ text }) => text).join(", ");
}
