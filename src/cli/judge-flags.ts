/** The flags that scan and check share, and the policies that they choose. */
import { Option, type Command } from "commander";
import type { CompiledPolicy } from "../policy/compile.ts";
import type { FailOn } from "../policy/model/settings.ts";
import type { LocatedSettings } from "../policy/settings.ts";
import { type Kind, KINDS } from "../facts/resource.ts";
import { FORMATS } from "../report/index.ts";

export interface JudgeFlags {
  readonly output?: readonly string[];
  readonly profile?: string;
  readonly policies?: readonly string[];
  readonly config?: string;
  readonly failOn?: FailOn;
  readonly baseline?: string;
}

const FAIL_ON: readonly FailOn[] = ["low", "medium", "high", "critical", "never"];

export function addJudgeFlags(command: Command, settings: string): Command {
  return command
    .option("-o, --output <format[=file]>", `${FORMATS.join(", ")}; repeatable (default: console)`, collectValue)
    .option("--profile <name>", "which policies are judged, and how strictly: baseline, cis-docker, strict")
    .option("--policies <dir>", "add the policies of this folder; repeatable", collectValue)
    .option("--config <file>", `settings and waivers (default: ${settings})`)
    .option("--baseline <report>", "an earlier JSON report: only what is new since then counts for the exit code")
    .addOption(new Option("--fail-on <severity>", "exit 1 from this severity on (default: high)").choices(FAIL_ON));
}

export function collectValue(value: string, values: readonly string[] = []): string[] {
  return [...values, value];
}

/** The policies of some kinds that are in force, compiled. Throws HardenError for a policy, profile or setting that is wrong. */
export async function choosePolicies(flags: JudgeFlags, settings: LocatedSettings | null, mode: "live" | "check", kinds: readonly Kind[] = KINDS): Promise<CompiledPolicy[]> {
  const [{ builtinPolicies, builtinProfiles }, { loadForeignPolicies }, { selectPolicies }] = await Promise.all([
    import("../policy/builtin.ts"), import("./foreign-policies.ts"), import("../policy/select.ts"),
  ]);
  // Settings and policies from elsewhere are held against all that there is.
  const builtin = builtinPolicies(settings === null && flags.policies === undefined ? kinds : KINDS);
  const foreign = await loadForeignPolicies(flags.policies ?? [], builtin);
  const selected = selectPolicies({ builtin, profiles: builtinProfiles(), foreign, profile: flags.profile ?? null, settings, mode });
  return selected.filter(({ policy }) => kinds.includes(policy.target));
}
