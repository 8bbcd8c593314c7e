/** Who may change this machine. */
import { HardenError } from "../../errors.ts";

/** Throws HardenError without root's rights. `instead`: what can be done without them. */
export function requireRoot(instead: string): void {
  if (process.geteuid?.() !== 0) throw new HardenError("this changes the machine and needs root", { hint: instead });
}
