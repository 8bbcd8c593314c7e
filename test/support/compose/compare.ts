/** One project, read by harden and by Compose. */
import { deriveComposeContainers } from "../../../src/compose/facts/derive.ts";
import type { ComposeProject } from "../../../src/compose/project/load-project.ts";
import { formatError } from "../../../src/errors.ts";
import { differences, normalForm, toPlain } from "./normal-form.ts";
import { isPlaced, judge, load, type WrittenProject, writeProject } from "./oracle.ts";
import { compareVerdicts, judgeProject } from "./verdicts.ts";

export interface Comparison {
  /** What differs, in words; empty if both agree. */
  readonly differences: readonly string[];
  readonly refusedByBoth: boolean;
}

export async function compareOne(program: string, folder: string, project: WrittenProject): Promise<Comparison> {
  writeProject(folder, project);
  const theirs = await judge(program, folder, project);
  const ours = load(folder, project);
  if ("refused" in ours) {
    if (!("refused" in theirs)) return told(`only we refuse: ${formatError(ours.refused)}`);
    return isPlaced(ours.refused) ? { differences: [], refusedByBoth: true } : told(`refused without a line: ${formatError(ours.refused)}`);
  }
  const hangs = JSON.stringify(ours.project.model, (_, value: unknown) => (value instanceof Map ? [...value] : key(value))).includes('"unknown":');
  // A variable without a value is no cast error to us, and may stand where a later file sets the value.
  const asked = [...ours.project.asked.values()].includes(null);
  if ("refused" in theirs && asked && theirs.refused.includes("failed to cast")) return told();
  // A fault of Compose's own: it takes a dot in a name of a service for a step of a path.
  if ("refused" in theirs && theirs.refused.includes("internal error: path")) return told();
  const emptied = ours.project.unset.size > 0 && /empty|no port specified/.test("refused" in theirs ? theirs.refused : "");
  if ("refused" in theirs) return hangs || emptied || ours.project.missing.size > 0 ? told() : told(`only Compose refuses: ${theirs.refused}`);
  const found = differences(normalForm(toPlain(ours.project.model)), normalForm(theirs.model));
  // Compose doubles the dollars of keys too, where they mean nothing.
  const comparable = found.length === 0 && !/\$\$[^"]*":/.test(theirs.text) && ours.project.missing.size === 0;
  return told(...found, ...(comparable ? await compareReadings(program, folder, project, ours.project, { text: theirs.text, hangs }) : []));
}

/** The containers of the sources are those of what Compose makes of them, but for where their values stand, and so are the verdicts on them. */
async function compareReadings(
  program: string, folder: string, project: WrittenProject, ours: ComposeProject, { text, hangs }: { readonly text: string; readonly hangs: boolean },
): Promise<string[]> {
  const effective: WrittenProject = { ...project, files: { "effective.json": text }, compose: ["effective.json"] };
  writeProject(folder, effective);
  const again = load(folder, effective);
  if ("project" in again) {
    const facts = hangs ? [] : differences(factsOf(ours), factsOf(again.project), "facts");
    return [...facts, ...compareVerdicts(judgeProject(ours), judgeProject(again.project), hangs)];
  }
  // Compose may print what it then refuses itself: a host twice under one address, a group as a number and as text.
  return "refused" in (await judge(program, folder, effective)) ? [] : [`what Compose makes of it is refused: ${formatError(again.refused)}`];
}

/** The environment of a pre_start container is left out: what Compose prints has the service's env files in it, which the container itself does not get. */
function factsOf(project: ComposeProject): Record<string, unknown> {
  const containers = deriveComposeContainers(project).resources.map(({ unknown, ...container }) => {
    const rest = { ...container, origins: null };
    const preStart = rest.role === "pre_start";
    const reasons = Object.keys(unknown).filter((at) => !preStart || !at.startsWith("/environment")).sort();
    return [rest.id, { ...rest, environment: preStart ? null : rest.environment, unknown: reasons }] as const;
  });
  return Object.fromEntries(containers);
}

/** Places are of no interest here, and long. */
function key(value: unknown): unknown {
  return typeof value === "object" && value !== null && "source" in value && "start" in value ? undefined : value;
}

function told(...found: readonly string[]): Comparison {
  return { differences: found, refusedByBoth: false };
}
