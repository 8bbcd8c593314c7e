/** The flags of everything that changes this machine: `harden --apply`, `harden scan --apply`, `harden apply`. */
import { type Command, Option } from "commander";
import { HardenError } from "../../errors.ts";
import { repeatable } from "../options.ts";

export interface ApplyFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly allowRestart?: boolean;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly keep?: readonly string[];
  readonly confirmWithin?: string;
}

/** Added to `apply`, which shows them, and to `scan`, whose help has room for --apply alone. */
const OPTIONS: readonly (readonly [name: keyof ApplyFlags, make: () => Option])[] = [
  ["dryRun", () => new Option("--dry-run", "show the plan and change nothing")],
  ["yes", () => new Option("--yes", "do not ask; needed where there is no terminal")],
  ["allowRestart", () => new Option("--allow-restart", "restart the engine for what a reload does not do")],
  ["only", () => repeatable("--only <policy>", "close the findings of this policy alone; repeatable")],
  ["skip", () => repeatable("--skip <policy>", "leave the findings of this policy; repeatable")],
  ["keep", () => repeatable("--keep <cidr:port>", "refuse what would lock these out; repeatable")],
  ["confirmWithin", () => new Option("--confirm-within <time>", "take all back unless confirmed: 90s, 5m or off")],
];

export function addApplyFlags(command: Command, show: boolean): Command {
  for (const [, make] of OPTIONS) command.addOption(show ? make() : make().hideHelp());
  return command;
}

/** Throws HardenError for a flag that changes nothing where nothing is applied. */
export function refuseApplyFlags(flags: ApplyFlags): void {
  const stray = OPTIONS.find(([name]) => flags[name] !== undefined);
  if (stray !== undefined) throw new HardenError(`${stray[1]().long ?? ""} goes with --apply`, { hint: "harden --apply, or harden apply, puts this host right" });
}
