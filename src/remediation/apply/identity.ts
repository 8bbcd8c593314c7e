/** Which machine this is, and which run. */
import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { HardenError } from "../../errors.ts";
import { readBoot } from "./clock.ts";
import type { Journal } from "./journal/model.ts";

/** machine-id(5); null where there is none. */
export function identifyHost(): Journal["host"] {
  return { name: hostname(), machineId: readMachineId() };
}

/** The network whose rules and values this process sees, and would change (network_namespaces(7)). */
export function identifyNetwork(): Journal["network"] {
  return { boot: readBoot(), namespace: readlinkSync("/proc/self/ns/net") };
}

/** Seen from another network there is nothing to take back, and all would seem well. After a reboot what was changed there is gone. Throws HardenError. */
export function requireNetwork({ id, network }: Journal): void {
  const here = identifyNetwork();
  if (network.boot !== here.boot || network.namespace === here.namespace) return;
  throw new HardenError(`run ${id} changed another network namespace (${network.namespace}) than this command sees`, {
    hint: "run this where harden apply was run: nsenter --net=/proc/PID/ns/net, with the process of the engine",
  });
}

/** Sorts by time, and behind the newest run there is, also where the clock went back since: `20260131T020304Z-9f2c`. */
export function makeId(now: Date, newest: string | null): string {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/.exec(newest ?? "") ?? [];
  const last = year === undefined ? 0 : Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const time = new Date(Math.max(now.getTime(), last + 1000));
  return `${time.toISOString().replace(/[-:]|\.\d+/g, "")}-${randomBytes(2).toString("hex")}`;
}

function readMachineId(): string | null {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim() || null;
  } catch {
    return null;
  }
}
