/** Branches that need not be kept apart. */
import type { Rule } from "../firewall/model.ts";
import { intersect, subtract, uniteAll } from "../sets/intervals.ts";
import type { Branch, ChainState, Sources } from "./branch.ts";

/** Branches in the same state and with the same assumptions are one; a question on which the state does not hang is dropped. */
export function mergeBranches(branches: readonly Branch[]): readonly Branch[] {
  const united = uniteAlike(branches);
  const dropped = dropQuestions(united);
  return dropped.length === united.length ? dropped : mergeBranches(dropped);
}

function uniteAlike(branches: readonly Branch[]): readonly Branch[] {
  const groups = new Map<string, Branch[]>();
  for (const branch of branches) {
    const key = keyOfBranch(branch);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [branch]);
    else group.push(branch);
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    return [others.length === 0 ? first : { ...first, sources: uniteAll([first, ...others].map(({ sources }) => sources)) }];
  });
}

/** Of two branches that differ in the last answer only, what they share needs no answer. */
function dropQuestions(branches: readonly Branch[]): readonly Branch[] {
  const yes = new Map<string, Branch>();
  const keyBefore = ({ state, assumptions }: Branch): string => `${keyOfState(state)} ${keysOf(assumptions).question}`;
  for (const branch of branches) if (branch.assumptions.at(-1)?.answer === true) yes.set(keyBefore(branch), branch);
  const result: Branch[] = [];
  const taken = new Map<Branch, Sources>();
  for (const branch of branches) {
    const twin = branch.assumptions.at(-1)?.answer === false ? yes.get(keyBefore(branch)) : undefined;
    const shared = twin === undefined ? [] : intersect(branch.sources, twin.sources);
    if (twin === undefined || shared.length === 0) {
      if (branch.assumptions.at(-1)?.answer !== true) result.push(branch);
      continue;
    }
    taken.set(twin, shared);
    result.push({ ...branch, sources: shared, assumptions: branch.assumptions.slice(0, -1) });
    const rest = subtract(branch.sources, shared);
    if (rest.length > 0) result.push({ ...branch, sources: rest });
  }
  for (const branch of yes.values()) {
    const rest = subtract(branch.sources, taken.get(branch) ?? []);
    if (rest.length > 0) result.push({ ...branch, sources: rest });
  }
  return result;
}

const numbers = new WeakMap<Rule, number>();
let count = 0;

function numberOf(rule: Rule): number {
  let number = numbers.get(rule);
  if (number === undefined) numbers.set(rule, (number = count++));
  return number;
}

/** Equal for branches that are one. */
export function keyOfBranch({ state, assumptions }: Pick<Branch, "state" | "assumptions">): string {
  return `${keyOfState(state)} ${keysOf(assumptions).all}`;
}

function keyOfState({ mark, connectionMark, untracked }: ChainState): string {
  return `${mark} ${connectionMark} ${untracked}`;
}

/** With every answer, and without the last one. */
interface Keys {
  readonly all: string;
  readonly question: string;
}

const keys = new WeakMap<Branch["assumptions"], Keys>();

/** Made once: a list stays as it is while its branch goes from rule to rule. */
function keysOf(assumptions: Branch["assumptions"]): Keys {
  const known = keys.get(assumptions);
  if (known !== undefined) return known;
  let [all, question] = ["", ""];
  for (const { rule, question: asked, answer } of assumptions) {
    question = `${all}${numberOf(rule)}:${asked.text}`;
    all = `${question}=${answer},`;
  }
  const made = { all, question };
  keys.set(assumptions, made);
  return made;
}
