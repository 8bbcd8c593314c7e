/** Compares a model with the shape of a compose file: what is wrong, where, and what would be right. */
import type { HardenError } from "../../errors.ts";
import { nearest, quote } from "../../text.ts";
import { faultAt, isEnough } from "../fault.ts";
import { describeKind, type Entry, type ListNode, type MapNode, type Node, type ScalarNode } from "../node.ts";
import { printPath } from "../path-rules.ts";
import type { Span } from "../source.ts";
import type { ListShape, MapShape, ScalarShape, ScalarType, Shape } from "./shape.ts";

/** Every fault of a value; empty if it has the shape. */
export function findFaults(node: Node, shape: Shape): HardenError[] {
  const faults: HardenError[] = [];
  check({ faults, path: [] }, node, shape, node.at);
  return faults;
}

interface Work {
  readonly faults: HardenError[];
  readonly path: string[];
}

/** `at` is where to point for a value that is not there: its key. */
function check(work: Work, node: Node, shape: Shape, at: Span): void {
  if (isEnough(work.faults)) return;
  if (node.kind === "map" && shape.map !== undefined) checkMap(work, node, shape.map);
  else if (node.kind === "list" && shape.list !== undefined) checkList(work, node, shape.list);
  else if (node.kind === "scalar" && shape.scalar !== undefined && hasType(node, shape.scalar.types)) checkScalar(work, node, shape.scalar);
  else work.faults.push(faultAt(node.at.start === node.at.end ? at : node.at, `${where(work)} takes ${describeShape(shape)}, not ${describeKind(node)}`));
}

function checkMap(work: Work, node: MapNode, shape: MapShape): void {
  for (const [key, entry] of node.entries) {
    const found = Object.hasOwn(shape.keys, key) ? shape.keys[key] : shape.named?.pattern.test(key) === true ? shape.named.shape : undefined;
    if (isEnough(work.faults)) return;
    if (found !== undefined) enter(work, key, entry.value, found, entry.key);
    else if (shape.closed && !(shape.extensible && key.startsWith("x-"))) work.faults.push(refuseKey(work, key, entry, shape));
  }
  for (const key of shape.required) {
    if (!node.entries.has(key)) work.faults.push(faultAt(node.at, `${where(work)} needs the key ${key}`));
  }
}

function checkList(work: Work, node: ListNode, shape: ListShape): void {
  node.items.forEach((item, index) => {
    enter(work, String(index), item, shape.items, item.at);
  });
  if (!shape.unique || node.items.length < 2) return;
  const seen = new Set<string>();
  for (const item of node.items) {
    const text = JSON.stringify(toComparable(item));
    if (seen.has(text)) work.faults.push(faultAt(item.at, `${where(work)} holds ${quote(toComparable(item))} twice`));
    seen.add(text);
  }
}

function checkScalar(work: Work, node: ScalarNode, shape: ScalarShape): void {
  const { value } = node;
  // What hangs on a variable may yet be right.
  if (node.unknown !== undefined) return;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) work.faults.push(faultAt(node.at, `${where(work)} takes a finite number`));
    if (shape.minimum !== undefined && value < shape.minimum) work.faults.push(faultAt(node.at, `${where(work)} must be at least ${shape.minimum}`));
    if (shape.maximum !== undefined && value > shape.maximum) work.faults.push(faultAt(node.at, `${where(work)} must be at most ${shape.maximum}`));
  }
  if (typeof value !== "string") return;
  if (shape.accepted?.includes(value) === false) {
    work.faults.push(faultAt(node.at, `${where(work)} takes ${shape.accepted.join(", ")}, not ${quote(value)}`));
  }
  if (shape.pattern?.test(value) === false) work.faults.push(faultAt(node.at, `${where(work)} does not take ${quote(value)}`));
}

function enter(work: Work, key: string, node: Node, shape: Shape, at: Span): void {
  work.path.push(key);
  check(work, node, shape, at);
  work.path.pop();
}

function refuseKey(work: Work, key: string, entry: Entry, shape: MapShape): HardenError {
  if (shape.named !== null) return faultAt(entry.key, `${where(work)} takes no name ${quote(key)}`, "letters, digits, dots, dashes and underscores make a name");
  const near = nearest(key, Object.keys(shape.keys));
  return faultAt(entry.key, `${where(work)} has no key ${quote(key)}`, near === null ? undefined : `did you mean "${near}"?`);
}

function hasType({ value, float }: ScalarNode, types: readonly ScalarType[]): boolean {
  if (value === null) return types.includes("null");
  if (typeof value !== "number") return types.includes(typeof value as "string" | "boolean");
  return types.includes("number") || (types.includes("integer") && (float !== true || Number.isInteger(value)));
}

const WORDS: Readonly<Record<ScalarType, string>> = { string: "text", integer: "an integer", number: "a number", boolean: "true or false", null: "nothing" };

function describeShape({ scalar, list, map }: Shape): string {
  const words = [...(scalar?.types.map((type) => WORDS[type]) ?? []), ...(list === undefined ? [] : ["a list"]), ...(map === undefined ? [] : ["a map"])];
  return words.length < 2 ? (words[0] ?? "nothing") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

function toComparable(node: Node): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(toComparable);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toComparable(value)] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function where({ path }: Work): string {
  return path.length === 0 ? "a compose file" : printPath(path);
}
