/** Checks what the schema cannot: names, paths, types and sizes. A policy without faults can be judged by without an exception. */
import { checkLeaf } from "./check-leaf.ts";
import { checkPlaceholders } from "./check-placeholders.ts";
import { checkRemediation } from "./check-remediation.ts";
import type { DocumentPath, Fault } from "./document.ts";
import { describeFactType } from "./fact-type.ts";
import { listPlaceholders } from "./message.ts";
import type { Condition, Policy } from "./model/policy.ts";
import { buildScope, resolve, type Scope } from "./scope.ts";

/** A hostile policy must not keep harden busy; the largest of the built-in ones has a dozen comparisons. */
const MAX_LEAVES = 100;
const MAX_DEPTH = 16;

/** What is wrong with a policy that is valid by the schema. Examples are checked apart: they can only be run if nothing else is wrong. */
export function checkPolicy(policy: Policy): Fault[] {
  const scope = buildScope(policy);
  const ofResource = new Map([...scope].filter(([name]) => name !== "element"));
  const escalate = policy.escalate ?? [];
  const leaves = [
    ...(policy.when === undefined ? [] : placeLeaves(policy.when, ["when"], ofResource)),
    ...placeLeaves(policy.fail, ["fail"], scope),
    ...escalate.flatMap((step, index) => placeLeaves(step.when, ["escalate", index, "when"], scope)),
  ];
  const tooLarge = checkSize(leaves);
  if (tooLarge !== null) return [tooLarge];
  return [
    ...checkScopes(policy),
    ...checkEach(policy, scope),
    ...leaves.flatMap(({ leaf, path, scope: visible }) => checkLeaf(leaf, path, visible)),
    ...checkMessage(policy, scope),
    ...checkRemediation(policy, scope),
  ];
}

interface PlacedLeaf {
  readonly leaf: Extract<Condition, { fact: string }>;
  readonly path: DocumentPath;
  readonly scope: Scope;
  readonly depth: number;
}

function placeLeaves(condition: Condition, path: DocumentPath, scope: Scope, depth = 1): PlacedLeaf[] {
  const inner = (list: readonly Condition[], key: string): PlacedLeaf[] =>
    list.flatMap((child, index) => placeLeaves(child, [...path, key, index], scope, depth + 1));
  if ("all" in condition) return inner(condition.all, "all");
  if ("any" in condition) return inner(condition.any, "any");
  if ("not" in condition) return placeLeaves(condition.not, [...path, "not"], scope, depth + 1);
  return [{ leaf: condition, path, scope, depth }];
}

function checkSize(leaves: readonly PlacedLeaf[]): Fault | null {
  const deep = leaves.find((leaf) => leaf.depth > MAX_DEPTH);
  if (deep !== undefined) return { path: deep.path, part: "value", message: `conditions are nested more than ${MAX_DEPTH} levels deep` };
  if (leaves.length <= MAX_LEAVES) return null;
  return { path: ["fail"], part: "key", message: `the policy makes ${leaves.length} comparisons, more than ${MAX_LEAVES}` };
}

function checkScopes({ scopes, target }: Policy): Fault[] {
  return scopes === undefined || target === "sysctl" ? [] : [{ path: ["scopes"], part: "key", message: `a ${target} has no scope; only a sysctl has one` }];
}

function checkEach({ each = [], target }: Policy, scope: Scope): Fault[] {
  return each.flatMap((list, index): Fault[] => {
    const path = ["each", index];
    const resolved = resolve(scope, target, list);
    if ("problem" in resolved) return [{ path, part: "value", ...resolved.problem }];
    if (resolved.type.items !== null) return [];
    return [{ path, part: "value", message: `${target}.${list} is ${describeFactType(resolved.type)}, not a list` }];
  });
}

function checkMessage({ message, target }: Policy, scope: Scope): Fault[] {
  return checkPlaceholders(listPlaceholders(message, target), ["message"], "message", scope);
}
