/** Fixing in memory: a project, fixed as `harden check --fix` does it. */
import { type FixSubject, openSubject } from "../../src/cli/check/fix-subjects.ts";
import type { Input } from "../../src/cli/check/inputs.ts";
import type { CompiledPolicy } from "../../src/policy/compile.ts";
import { builtinPolicies, builtinProfiles } from "../../src/policy/builtin.ts";
import { selectPolicies } from "../../src/policy/select.ts";
import type { Result } from "../../src/policy/model/report.ts";
import { type Fixed, fixAll } from "../../src/remediation/fix/fix-all.ts";
import { readFrom } from "./compose/memory.ts";

/** By profile strict: all of them. */
export const POLICIES: readonly CompiledPolicy[] = selectPolicies({
  builtin: builtinPolicies(), profiles: builtinProfiles(), foreign: [], profile: "strict", settings: null, mode: "check",
});

export interface FixCase {
  /** Texts by path. */
  readonly files: Readonly<Record<string, string>>;
  /** What is checked: compose files are one project. */
  readonly paths?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly unsafe?: boolean;
  readonly isWanted?: (finding: Result) => boolean;
}

export interface FixRun extends Fixed {
  /** Every file as it is afterwards. */
  readonly files: Readonly<Record<string, string>>;
}

export async function runFix(given: FixCase): Promise<FixRun> {
  const subject = openCase(given);
  const { unsafe = false, isWanted = () => true } = given;
  const fixed = await fixAll({ ...subject, unsafe, isWanted });
  return { ...fixed, files: { ...given.files, ...Object.fromEntries(fixed.texts) } };
}

export function openCase({ files, paths = ["compose.yaml"], environment = {} }: FixCase): FixSubject {
  const context = { readFile: (path: string) => readFrom(files, path), workingDirectory: "/app", environment, given: [], envFiles: [], profiles: null };
  const input = toInput(paths, files);
  const subject = openSubject(input, { inputs: [input], context, compiled: POLICIES });
  if (subject === null) throw new Error(`nothing is fixed in ${paths.join(" ")}`);
  return subject;
}

function toInput(paths: readonly string[], files: Readonly<Record<string, string>>): Input {
  const [file = ""] = paths;
  const text = files[file] ?? "";
  if (file.endsWith(".json")) return { type: "daemon", file, text, searched: false };
  if (file.endsWith(".conf")) return { type: "sysctl", file, text, searched: false };
  return { type: "compose", from: { files: paths }, name: file };
}
