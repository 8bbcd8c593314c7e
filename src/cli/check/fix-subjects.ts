/** Inputs as what can be fixed: each read and judged anew as often as its text changes. */
import { deriveComposeContainers, listActiveProfiles, loadProject, type ReadFile } from "../../compose/index.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import { evaluatePolicies } from "../../policy/evaluate.ts";
import type { Namer } from "../../policy/fingerprint.ts";
import type { Result } from "../../policy/model/report.ts";
import { composeSubject } from "../../remediation/fix/compose/subject.ts";
import { daemonSubject } from "../../remediation/fix/daemon-subject.ts";
import type { Read } from "../../remediation/fix/model.ts";
import { sysctlSubject } from "../../remediation/fix/sysctl-subject.ts";
import type { Texts } from "../../remediation/fix/text-edits.ts";
import { engineFinder } from "./daemon.ts";
import { type CheckContext, deriveFile } from "./facts.ts";
import type { ComposeInput, FileInput, Input } from "./inputs.ts";

export interface FixSubject {
  readonly read: Read;
  /** The texts that may be edited, by file as messages name it. */
  readonly texts: Texts;
}

export interface Surroundings {
  /** All of the command. */
  readonly inputs: readonly Input[];
  readonly context: CheckContext;
  readonly compiled: readonly CompiledPolicy[];
}

/** Fingerprints are the report's: here findings are told apart by what they are of. */
const unnamed: Namer = () => "";

/** Null for what nothing is fixed in: rule sets are planned, not edited. Throws HardenError for an input that cannot be read. */
export function openSubject(input: Input, surroundings: Surroundings): FixSubject | null {
  if (input.type === "compose") return openCompose(input, surroundings);
  return input.type === "iptables" ? null : openFile(input, surroundings);
}

function openFile(input: FileInput, { compiled }: Surroundings): FixSubject {
  const policies = compiled.filter(({ policy }) => policy.target === input.type);
  const judge = async (text: string): Promise<readonly Result[]> => evaluatePolicies(policies, (await deriveFile({ ...input, text })).kinds, unnamed);
  return { read: (input.type === "daemon" ? daemonSubject : sysctlSubject)(input.file, judge), texts: new Map([[input.file, input.text]]) };
}

function openCompose({ from }: ComposeInput, { inputs, context, compiled }: Surroundings): FixSubject {
  const policies = compiled.filter(({ policy }) => policy.target === "container");
  const findEngine = engineFinder(inputs.filter((one): one is FileInput => one.type === "daemon"), context.workingDirectory);
  return composeSubject({
    readFile: context.readFile,
    load: (readFile: ReadFile) => loadProject({ ...context, readFile, from }),
    judge: (project) => {
      const container = deriveComposeContainers(project, findEngine(project.folder)?.defaults, listActiveProfiles(project, context.profiles));
      return { results: evaluatePolicies(policies, { container }, unnamed), containers: container.resources };
    },
  });
}
