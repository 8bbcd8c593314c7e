/** One project, read by harden and by Compose. */
import { deriveComposeContainers } from "../../../src/compose/facts/derive.ts";
import type { ComposeProject } from "../../../src/compose/project/load-project.ts";
import { formatError } from "../../../src/errors.ts";
import { differences, normalForm, toPlain } from "./normal-form.ts";
import { isPlaced, judge, load, type WrittenProject, writeProject } from "./oracle.ts";

export interface Comparison {
  /** What differs, in words; empty if both agree. */
  readonly differences: readonly string[];
  readonly refusedByBoth: boolean;
  readonly theirsReason: string;
}

export async function compareOne(program: string, folder: string, project: WrittenProject): Promise<Comparison> {
  writeProject(folder, project);
  const theirs = await judge(program, folder, project);
  const ours = load(folder, project);
  if ("refused" in ours) {
    if (!("refused" in theirs)) return told(`only we refuse: ${formatError(ours.refused)}`);
    return isPlaced(ours.refused) ? { differences: [], refusedByBoth: true, theirsReason: theirs.refused } : told(`refused without a line: ${formatError(ours.refused)}`);
  }
  const hangs = JSON.stringify(ours.project.model, (_, value: unknown) => (value instanceof Map ? [...value] : key(value))).includes('"unknown":');
  if ("refused" in theirs) return hangs || ours.project.missing.size > 0 ? told() : told(`only Compose refuses: ${theirs.refused}`);
  const found = differences(normalForm(toPlain(ours.project.model)), normalForm(theirs.model));
  return told(...found, ...(found.length > 0 || hangs || ours.project.missing.size > 0 ? [] : compareFacts(folder, project, ours.project, theirs.text)));
}

/** The containers of the sources are those of what Compose makes of them, but for where their values stand. */
function compareFacts(folder: string, project: WrittenProject, ours: ComposeProject, text: string): string[] {
  writeProject(folder, { ...project, files: { "effective.json": text } });
  const again = load(folder, { ...project, compose: ["effective.json"] });
  if ("refused" in again) return [`what Compose makes of it is refused: ${formatError(again.refused)}`];
  const facts = (from: ComposeProject): Record<string, unknown> =>
    Object.fromEntries(deriveComposeContainers(from).resources.map(({ origins: _, unknown, ...rest }) => [rest.id, { ...rest, unknown: Object.keys(unknown).sort() }]));
  return differences(facts(ours), facts(again.project), "facts");
}

/** Places are of no interest here, and long. */
function key(value: unknown): unknown {
  return typeof value === "object" && value !== null && "source" in value && "start" in value ? undefined : value;
}

function told(...found: readonly string[]): Comparison {
  return { differences: found, refusedByBoth: false, theirsReason: "" };
}
