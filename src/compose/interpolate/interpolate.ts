/** Fills variables into every value of a document, never into keys, and casts what Compose casts. */
import type { HardenError } from "../../errors.ts";
import { quote } from "../../text.ts";
import { faultAt, throwFaults } from "../fault.ts";
import type { Entry, Node, ScalarNode } from "../node.ts";
import type { Span } from "../source.ts";
import { enter, enterList, printPath, type PathRules } from "../path-rules.ts";
import { CASTS, type Cast } from "./casts.ts";
import { type LookUp, substitute } from "./template.ts";

/** A value that variables had a part in, with or without values of their own. */
export interface Filled {
  readonly at: Span;
  readonly variables: readonly string[];
}

/**
 * Adds the variables to `unset` that have neither value nor default, and to `filled` each value that one had a part in. Throws HardenError for
 * each value that Compose refuses, all at once.
 */
export function interpolate(root: Node, lookUp: LookUp, unset: Set<string>, filled: Filled[]): Node {
  const work: Work = { lookUp, unset, filled, faults: [], path: [], added: 0 };
  const node = visit(work, root, CASTS);
  throwFaults(work.faults);
  return node;
}

interface Work {
  readonly lookUp: LookUp;
  readonly unset: Set<string>;
  readonly filled: Filled[];
  readonly faults: HardenError[];
  readonly path: string[];
  /** Characters by which variables have made the document longer. */
  added: number;
}

/** A long value that is named in every line. */
const MAX_ADDED = 64 * 1024 * 1024;

function visit(work: Work, node: Node, rules: PathRules<Cast> | undefined): Node {
  if (node.kind === "scalar") return visitScalar(work, node, rules?.rule);
  return node.kind === "list" ? visitList(work, node, rules) : visitMap(work, node, rules);
}

/** What holds no variable stays the very same node, so that aliases stay shared. */
function visitList(work: Work, node: Extract<Node, { kind: "list" }>, rules: PathRules<Cast> | undefined): Node {
  const below = enterList(rules);
  const items = node.items.map((item, index) => {
    work.path.push(String(index));
    const visited = visit(work, item, below);
    work.path.pop();
    return visited;
  });
  return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
}

function visitMap(work: Work, node: Extract<Node, { kind: "map" }>, rules: PathRules<Cast> | undefined): Node {
  let entries: Map<string, Entry> | null = null;
  for (const [key, entry] of node.entries) {
    work.path.push(key);
    const value = visit(work, entry.value, enter(rules, key));
    work.path.pop();
    if (value === entry.value) continue;
    entries ??= new Map(node.entries);
    entries.set(key, { key: entry.key, value });
  }
  return entries === null ? node : { ...node, entries };
}

function visitScalar(work: Work, node: ScalarNode, cast: Cast | undefined): ScalarNode {
  if (typeof node.value !== "string") return node;
  const names = new Set<string>();
  const { text, unknown, fault } = substitute(node.value, noting(work.lookUp, names));
  if (names.size > 0) work.filled.push({ at: node.at, variables: [...names] });
  work.added += Math.max(text.length - node.value.length, 0);
  if (work.added > MAX_ADDED) throw faultAt(node.at, "the variables of the document fill it to more than 64 million characters");
  if (fault !== null) {
    work.faults.push(faultAt(node.at, fault.message, fault.variable === undefined ? undefined : `give it one with --env ${fault.variable}=VALUE`));
    return node;
  }
  for (const name of unknown) work.unset.add(name);
  if (unknown.length > 0) return { ...node, value: text, unknown };
  if (cast === undefined) return text === node.value ? node : { ...node, value: text };
  const result = cast(text);
  if ("value" in result) return { ...node, ...result };
  work.faults.push(faultAt(node.at, `${printPath(work.path)} takes ${result.expected}, not ${quote(text)}`));
  return node;
}

/** The name of the project is no variable that anyone could have set otherwise. */
function noting(lookUp: LookUp, names: Set<string>): LookUp {
  const note = (name: string): ReturnType<LookUp> => {
    const variable = lookUp(name);
    if (variable?.from !== "project" || variable.at !== undefined) names.add(name);
    return variable;
  };
  return Object.assign(note, { open: lookUp.open ?? false });
}
