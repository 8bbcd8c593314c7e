/** The flags that scan and check share, and the policies that they choose. */
import { type Command, Option } from "commander";
import type { CompiledPolicy } from "../policy/compile.ts";
import type { Policy } from "../policy/model/policy.ts";
import type { FailOn } from "../policy/model/settings.ts";
import type { LocatedSettings } from "../policy/settings.ts";
import { type Kind, KINDS } from "../facts/resource.ts";
import { FORMATS } from "../report/index.ts";
import type { ExitCode } from "./help.ts";
import { addTalkFlags, explain } from "./talk.ts";
import { choice, configOption, outputOption, policiesOption, profileOption, suggesting } from "./options.ts";

export interface JudgeFlags {
  readonly output?: readonly string[];
  readonly profile?: string;
  readonly policies?: readonly string[];
  readonly config?: string;
  readonly failOn?: FailOn;
  readonly baseline?: string;
}

/** Exit codes of what judges, in a line. */
export const JUDGING_CODES: readonly ExitCode[] = [
  [0, "nothing at or above --fail-on"],
  [1, "a fault"],
  [2, "bad input"],
  [3, "unknown"],
];

const FAIL_ON: readonly FailOn[] = ["low", "medium", "high", "critical", "never"];

/** `settings` is where they are looked for unless --config names them; `baselines` are words that --baseline takes in place of a file. */
export function addJudgeFlags(command: Command, settings: string, baselines: readonly string[] = []): Command {
  const baseline = ["--baseline <report>", "count only what is new since this JSON report"] as const;
  const judging = command
    .addOption(profileOption())
    .addOption(policiesOption())
    .addOption(configOption(settings))
    .addOption(baselines.length === 0 ? new Option(...baseline) : suggesting(...baseline, baselines))
    .addOption(choice("--fail-on <severity>", "low, medium, high (default), critical or never", FAIL_ON))
    .addOption(outputOption(FORMATS));
  return addTalkFlags(judging, "no progress; on the console only what counts");
}

/**
 * The policies of some kinds that are in force and that `isDefined` says can be judged here, compiled. Throws HardenError for a policy, profile or setting
 * that is wrong.
 */
export async function choosePolicies(
  flags: Pick<JudgeFlags, "profile" | "policies">, settings: LocatedSettings | null, mode: "live" | "check", kinds: readonly Kind[] = KINDS, isDefined: (policy: Policy) => boolean = () => true,
): Promise<CompiledPolicy[]> {
  const [{ builtinPolicies, builtinProfiles }, { loadForeignPolicies }, { selectPolicies }] = await Promise.all([
    import("../policy/builtin.ts"), import("./foreign-policies.ts"), import("../policy/select.ts"),
  ]);
  // Settings and policies from elsewhere are held against all that there is.
  const builtin = builtinPolicies(settings === null && flags.policies === undefined ? kinds : KINDS);
  const foreign = await loadForeignPolicies(flags.policies ?? [], builtin);
  const selected = selectPolicies({ builtin, profiles: builtinProfiles(), foreign, profile: flags.profile ?? null, settings, mode });
  const chosen = selected.filter(({ policy }) => kinds.includes(policy.target) && isDefined(policy));
  await explain(async () => {
    const [{ explainChoice }, { findProfile }] = await Promise.all([import("./explain.ts"), import("../policy/profile.ts")]);
    const named = flags.profile !== undefined ? "--profile" : settings?.settings.profile !== undefined ? "the settings" : null;
    const profile = findProfile({ profiles: builtinProfiles(), profile: flags.profile ?? null, settings });
    return explainChoice({ builtin: builtinPolicies(), foreign, profile, named, settings, mode, selected: chosen });
  });
  return chosen;
}
