/** From a finding and its policy's fix to edits of the files in which the service is written. */
import type { MapNode, Node } from "../../../compose/index.ts";
import type { FilePlace } from "../../../facts/resource.ts";
import type { Result } from "../../../policy/model/report.ts";
import type { ServiceFix } from "../../../policy/model/service-fix.ts";
import type { Proposal } from "../model.ts";
import type { TextEdit } from "../text-edits.ts";
import { applyChanges, type Change, listPaths, putIn, surplus } from "./changes.ts";
import { type Definition, inherits } from "./definitions.ts";
import { AWKWARD, type Edited, editMap, VARIABLE } from "./edit-node.ts";
import { adaptGiven, type Element, findElement, giveElement, removeElement } from "./elements.ts";
import { isList, isMap, isSame, type Plain, type PlainMap, toPlain } from "./plain.ts";
import { listWays } from "./ways.ts";

/** A service or job: its values, and where they are written. */
export interface Workload {
  /** `services/NAME` or `jobs/NAME` */
  readonly group: string;
  readonly spec: MapNode;
  readonly definitions: readonly Definition[];
  /** Whether a variable has a part in a value, by the texts that it comes from. */
  readonly hangsOnVariable: (node: Node) => boolean;
}

/** What a fix does, by key of the service. */
export type Changes = ReadonlyMap<string, Change>;

export interface Proposed {
  readonly proposal: Proposal;
  readonly changes: Changes;
}

/** A text says why there is none. */
export function proposeChange(finding: Result, fix: ServiceFix, workload: Workload): Proposed | string {
  if (workload.definitions.length === 0) return "it is not written out under its own name";
  return fix.removeElement !== undefined || fix.setElement !== undefined ? proposeForElement(finding, fix, workload) : proposeForValues(finding, fix, workload);
}

function proposeForValues(finding: Result, fix: ServiceFix, workload: Workload): Proposed | string {
  const wanted = listChanges(fix, workload.spec).map(([key, change]) => {
    const before = plainOf(workload.spec, key);
    return { key, change, node: workload.spec.entries.get(key)?.value, before, after: applyChanges(key, before, [change]) };
  });
  const changed = wanted.filter(({ before, after }) => !isSame(before, after));
  if (changed.length === 0) return "its own text has nothing to change";
  const goals = changed.map(({ key, node, before, after }) => {
    const open = node !== undefined && workload.hangsOnVariable(node);
    const difference = { gone: surplus(key, after, before), more: surplus(key, before, after) };
    return { key, open, difference, ...listWays(workload.definitions, { key, difference, whole: open || NOT_WHOLE.has(key) ? undefined : after }) };
  });
  const reason = goals.flatMap((goal) => goal.reason ?? (goal.open ? [VARIABLE] : []))[0] ?? null;
  const safe = goals.every(({ key, difference: { gone, more } }) => gone === undefined && listPaths(more ?? {}, [key]).every((path) => isCovered(path, fix.safe)));
  return {
    proposal: {
      finding, safe, reason, group: workload.group, keys: goals.map(({ key }) => key), alone: goals.some(({ difference: { gone } }) => gone !== undefined), late: workload.definitions.some(inherits),
      ways: combineWays(goals.map(({ ways }) => ways)),
    },
    changes: new Map(changed.map(({ key, change }) => [key, change])),
  };
}

/** Paths in it are absolute by now. */
const NOT_WHOLE = new Set(["build"]);

function listChanges(fix: ServiceFix, spec: MapNode): [string, Change][] {
  const [remove, set, add] = [fix.remove ?? {}, moveLimits(fix.set ?? {}, spec), fix.add ?? {}] as [PlainMap, PlainMap, PlainMap];
  return [...new Set([remove, set, add].flatMap(Object.keys))].map((key) => [key, {
    ...(Object.hasOwn(remove, key) ? { remove: remove[key] ?? null } : {}),
    ...(Object.hasOwn(set, key) ? { set: set[key] ?? null } : {}),
    ...(Object.hasOwn(add, key) ? { add: add[key] ?? null } : {}),
  }]);
}

/** Compose refuses a service that sets a limit of its own where `deploy` sets limits, unless both say the same. */
function moveLimits(set: PlainMap, spec: MapNode): PlainMap {
  const deploy = spec.entries.get("deploy")?.value;
  const resources = deploy === undefined ? undefined : toPlain(deploy);
  const limits = isMap(resources) && isMap(resources["resources"]) ? resources["resources"]["limits"] : undefined;
  if (!isMap(limits)) return set;
  const moved = Object.entries(set).filter(([key]) => LIMITS.has(key)).map(([key, value]) => [LIMITS.get(key) ?? key, value] as const);
  const kept = Object.fromEntries(Object.entries(set).filter(([key]) => !LIMITS.has(key)));
  return moved.length === 0 ? set : { ...kept, deploy: { resources: { limits: Object.fromEntries(moved) } } };
}

const LIMITS: ReadonlyMap<string, string> = new Map([["mem_limit", "memory"], ["cpus", "cpus"], ["pids_limit", "pids"]]);

function isCovered(path: string, safe: ServiceFix["safe"]): boolean {
  if (safe === undefined) return false;
  return safe === true || safe.some((covered) => path === covered || path.startsWith(`${covered}.`));
}

/** The first ways of all keys together, then the second ones; a key that has fewer keeps to its last. None if a key has none. */
function combineWays(byKey: readonly (readonly (readonly TextEdit[])[])[]): (readonly TextEdit[])[] {
  if (byKey.some((ways) => ways.length === 0)) return [];
  const count = Math.max(...byKey.map((ways) => ways.length));
  return Array.from({ length: count }, (_, index) => byKey.flatMap((ways) => ways[Math.min(index, ways.length - 1)] ?? []));
}

function proposeForElement(finding: Result, fix: ServiceFix, workload: Workload): Proposed | string {
  const { location } = finding;
  const keys = fix.removeElement ?? Object.keys(fix.setElement ?? {});
  const element = location === null ? null : findElement(workload.definitions, keys, location);
  if (element === null) return location === null ? "nobody knows where it stands" : `what sets it, at ${location.file}:${location.line}, is not its own`;
  const key = keyOf(element);
  const before = plainOf(workload.spec, key);
  const items = findItems(workload.spec.entries.get(key)?.value, element);
  if (before === undefined || items.length === 0) return "another value has taken its place";
  const setting = Object.values(fix.setElement ?? {})[0] as PlainMap | undefined;
  if (setting === undefined) return proposeEdit(finding, workload, key, removeElement(element), { dropped: items });
  const given = adaptGiven(setting, isList(before) ? before[items[0] ?? 0] : undefined);
  const became = new Map(items.map((index) => [index, putIn(key, isList(before) ? before[index] : undefined, given, true)]));
  return proposeEdit(finding, workload, key, giveElement(element, given), { became });
}

/** A hook or pre_start container: an item of a list of its service, that has keys of its own. */
export interface HookPlace {
  readonly key: string;
  readonly index: number;
  readonly place: FilePlace;
}

/** A command that runs in its service's container can only be taken its privilege. */
export function proposeForHook(finding: Result, fix: ServiceFix, workload: Workload, { key, index, place }: HookPlace): Proposed | string {
  const element = findElement(workload.definitions, [key], place);
  const list = workload.spec.entries.get(key)?.value;
  const spec = list?.kind === "list" ? list.items[index] : undefined;
  if (element?.node.kind !== "map" || spec?.kind !== "map") return `what sets it, at ${place.file}:${place.line}, is not its own`;
  const wanted = key === "pre_start" ? listChanges(fix, spec) : listChanges(fix, spec).filter(([name]) => name === "privileged");
  const before = toPlain(spec) as PlainMap;
  const after = Object.fromEntries(Object.entries({ ...before, ...Object.fromEntries(wanted) }).flatMap(([name]): [string, Plain][] => {
    const changes = wanted.filter(([other]) => other === name).map(([, change]) => change);
    const value = applyChanges(name, before[name], changes);
    return value === undefined ? [] : [[name, value]];
  }));
  if (isSame(before, after)) return "its own text has nothing to change";
  const difference = { gone: surplus("", after, before), more: surplus("", before, after) };
  const edited = editMap(element.definition, element.node, difference, () => AWKWARD);
  const proposed = proposeEdit(finding, workload, key, edited, { became: new Map([[index, after]]) });
  // Much of it may be its service's.
  return typeof proposed === "string" ? proposed : { ...proposed, proposal: { ...proposed.proposal, late: true, alone: difference.gone !== undefined } };
}

function proposeEdit(finding: Result, { group, definitions }: Workload, key: string, edited: Edited, change: Change): Proposed | string {
  if (typeof edited === "string") return edited;
  if (edited.length === 0) return "what sets it is not its own";
  const proposal = { finding, safe: false, reason: null, group, keys: [key], alone: change.dropped !== undefined, late: definitions.some(inherits), ways: [edited] };
  return { proposal, changes: new Map([[key, change]]) };
}

function keyOf({ pair: { key } }: Element): string {
  return key.kind === "scalar" ? key.text : "";
}

/** Positions of the items (or entries) of the effective value that begin in a piece of a file: a short port may be several. */
function findItems(value: Node | undefined, { definition: { file }, start, node: { end } }: Element): number[] {
  const parts = value === undefined ? [] : value.kind === "list" ? value.items : value.kind === "map" ? [...value.entries.values()].map((entry) => entry.value) : [value];
  return parts.flatMap(({ at }, index) => (at.source.file === file && at.start >= start && at.start < end ? [index] : []));
}

/** What became of a key's value, as plain data. */
export function plainOf(spec: MapNode | undefined, key: string): Plain | undefined {
  const node = spec?.entries.get(key)?.value;
  return node === undefined ? undefined : toPlain(node);
}
