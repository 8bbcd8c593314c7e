/** Sets a kernel parameter while the kernel runs. */
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from "node:fs";
import { HardenError } from "../../../errors.ts";
import type { SysctlDraft, SysctlOperation } from "../../operations/sysctl.ts";
import type { Effects } from "./effects.ts";

export const sysctlEffects: Effects<SysctlDraft, SysctlOperation> = {
  async read(draft) {
    // What comes with a module that is not loaded is set by the boot, from the file.
    if (!existsSync(fileOf(draft))) return null;
    const before = readValue(draft);
    if (before === draft.after) return null;
    await attempt(draft, () => { accessSync(fileOf(draft), constants.W_OK); });
    return { ...draft, before };
  },
  async perform(operation, machine) {
    await attempt(operation, () => { writeFileSync(fileOf(operation), `${operation.after}\n`); });
    const seen = readValue(operation);
    machine.say(`${keyOf(operation)}: ${operation.before} → ${seen}`);
    return seen;
  },
  async undo(operation, seen) {
    if (!existsSync(fileOf(operation))) return null;
    const now = readValue(operation);
    if (now === operation.before) return null;
    // The kernel may have rounded what it was given: what it showed then counts. Where that is not known, it was cut off in the middle.
    if (seen !== null && now !== seen) return `${keyOf(operation)} was changed since, to ${now}, and is left alone`;
    try {
      writeFileSync(fileOf(operation), `${operation.before}\n`);
    } catch {
      return `${keyOf(operation)} cannot go back to ${operation.before} while this kernel runs; a reboot does it`;
    }
    return Promise.resolve(null);
  },
};

type Key = Pick<SysctlOperation, "path">;

function fileOf({ path }: Key): string {
  return `/proc/sys/${path}`;
}

/** `net.ipv4.conf.eth0/1.rp_filter`, as sysctl(8) takes it. */
function keyOf({ path }: Key): string {
  return path.replace(/[./]/g, (separator) => (separator === "/" ? "." : "/"));
}

function readValue(key: Key): string {
  try {
    return readFileSync(fileOf(key), "utf8").replace(/\n$/, "");
  } catch (cause) {
    throw new HardenError(`${keyOf(key)} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function attempt(draft: SysctlDraft, run: () => void): Promise<void> {
  return new Promise((resolve) => {
    try {
      run();
      resolve();
    } catch (cause) {
      throw new HardenError(`${keyOf(draft)} cannot be set to ${draft.after} here: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  });
}
