/** What all policies say of a compose project, as lines that two readings of it can be compared by. */
import { deriveComposeContainers } from "../../../src/compose/facts/derive.ts";
import { joinComposeNetworks, readComposeNetworks } from "../../../src/compose/facts/networks.ts";
import type { ComposeProject } from "../../../src/compose/project/load-project.ts";
import { builtinPolicies, builtinProfiles } from "../../../src/policy/builtin.ts";
import { evaluatePolicies } from "../../../src/policy/evaluate.ts";
import type { Result } from "../../../src/policy/model/report.ts";
import { selectPolicies } from "../../../src/policy/select.ts";

/** By `POLICY RESOURCE`: a line for each result, in order. */
export type Verdicts = ReadonlyMap<string, readonly string[]>;

const POLICIES = selectPolicies({ builtin: builtinPolicies(), profiles: builtinProfiles(), foreign: [], profile: "strict", settings: null, mode: "check" });

export function judgeProject(project: ComposeProject): Verdicts {
  const containers = deriveComposeContainers(project);
  const [network] = joinComposeNetworks([readComposeNetworks(project, containers.resources)]);
  const results = evaluatePolicies(POLICIES, { container: containers, ...(network === undefined ? {} : { network }) });
  const byResource = Map.groupBy(results, ({ policy, resource: { id } }) => `${policy} ${id ?? "-"}`);
  return new Map([...byResource].map(([key, own]) => [key, own.map(printResult).sort()]));
}

function printResult({ status, severity, element }: Result): string {
  return `${status} ${severity}${element === null ? "" : ` [${element}]`}`;
}

/**
 * Where the verdicts on the sources differ from those on what Compose makes of them. Compose takes a variable without a value for an empty
 * text: where `hangs` says that there are such, what is unknown of the sources may be anything there, a severity is the worst that is
 * possible, and a hook may be a container of its own or none.
 */
export function compareVerdicts(ours: Verdicts, theirs: Verdicts, hangs: boolean): string[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key) => {
    const [own = [], other = []] = [ours.get(key), theirs.get(key)];
    const open = hangs && (own.length === 0 || other.length === 0 || own.some((line) => line.startsWith("unknown")));
    const same = hangs ? own.map(loosen).join() === other.map(loosen).join() : own.join() === other.join();
    return open || same || isTold(key) ? [] : [`${key}: ours ${own.join(", ") || "nothing"}, of what Compose makes of it ${other.join(", ") || "nothing"}`];
  });
}

/** Not at fault either way: whether the policy applies may hang on the variable too. */
function loosen(line: string): string {
  return line.replace(/ (low|medium|high|critical)/, "").replace("notApplicable", "pass");
}

/**
 * What Compose prints of a pre_start container has the variables of its service's env files in it, which the container itself does not get,
 * and of an image that is an empty text nothing, as if it were the service's.
 */
function isTold(key: string): boolean {
  const [policy = ""] = key.split(" ");
  return key.includes("/pre_start.") && ["container-secret-in-environment", "container-docker-socket", "container-image-tag", "container-image-digest"].includes(policy);
}
