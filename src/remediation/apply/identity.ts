/** Which machine this is, and which run. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Journal } from "./journal/model.ts";

/** machine-id(5); null where there is none. */
export function identifyHost(): Journal["host"] {
  return { name: hostname(), machineId: readMachineId() };
}

/** Sorts by time: `20260131T020304Z-9f2c`. */
export function makeId(now: Date): string {
  return `${now.toISOString().replace(/[-:]|\.\d+/g, "")}-${randomBytes(2).toString("hex")}`;
}

function readMachineId(): string | null {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim() || null;
  } catch {
    return null;
  }
}
