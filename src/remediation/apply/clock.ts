/** Time that no clock setting and no suspend bends. */
import { readFileSync } from "node:fs";

/** Seconds since the kernel started, those included in which the machine was suspended (proc(5): /proc/uptime, CLOCK_BOOTTIME). */
export function readUptime(): number {
  return Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
}

/** Changes with every start of the kernel (random(4)). */
export function readBoot(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
