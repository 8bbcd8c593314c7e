/** Which sources meet a test: Kleene's logic over sets. */
import type { AddressTest, Test } from "../firewall/tests.ts";
import { intersect, subtract, unite } from "../sets/intervals.ts";
import { type Circumstances, evaluate, type Undecided } from "../walk/evaluate.ts";
import type { Flow, Known } from "../walk/flow.ts";
import type { Sources } from "./branch.ts";

export interface Split {
  readonly yes: Sources;
  readonly no: Sources;
  readonly maybe: Sources;
  /** Why; null where `maybe` is empty. */
  readonly question: Undecided | null;
}

export interface SplitContext {
  readonly flow: Flow;
  /** The value that stands for every source: a field of the flow that has it varies with the source. */
  readonly symbol: bigint;
  /** Parts of the address space on which routing answers alike, each with one of its addresses. */
  readonly classes: readonly SourceClass[];
  /** For the tests below, which tell limits as `onLimit` of the sources that are asked. */
  readonly circumstances: (sources: Sources) => Circumstances;
}

export interface SourceClass {
  readonly sources: Sources;
  readonly representative: bigint;
}

const none: Sources = [];

/** Parts `sources` by the test. */
export function split(test: Test, sources: Sources, context: SplitContext): Split {
  switch (test.kind) {
    case "address":
      return splitByAddress(test, sources, context);
    case "addressType":
    case "routeOut":
      return test.field === "source" ? splitByClass(test, sources, context) : constant(test, sources, context);
    case "reversePath":
      return splitByClass(test, sources, context);
    case "all":
      return splitByAll(test.tests, sources, context);
    case "any":
      return negate(splitByAll(test.tests.map((one) => ({ kind: "not", test: one })), sources, context));
    case "not":
      return negate(split(test.test, sources, context));
    case "number":
    case "name":
    case "history":
    case "chance":
    case "opaque":
      return constant(test, sources, context);
  }
}

function constant(test: Test, sources: Sources, { flow, circumstances }: SplitContext): Split {
  const truth = evaluate(test, flow, circumstances(sources));
  if (truth === true) return { yes: sources, no: none, maybe: none, question: null };
  if (truth === false) return { yes: none, no: sources, maybe: none, question: null };
  return { yes: none, no: none, maybe: sources, question: truth };
}

function splitByAddress(test: AddressTest, sources: Sources, context: SplitContext): Split {
  if (test.family !== context.flow.family || varying(test.field, context.flow) !== context.symbol) return constant(test, sources, context);
  return { yes: intersect(sources, test.set), no: subtract(sources, test.set), maybe: none, question: null };
}

/** The value of a field that may be the source; null for others. */
export function varying(field: AddressTest["field"], { source, connection }: Flow): Known<bigint> | null {
  if (field === "source") return source;
  if (field === "originalSource") return connection?.original.source ?? null;
  return field === "replyDestination" ? (connection?.reply.destination ?? null) : null;
}

function splitByClass(test: Test, sources: Sources, context: SplitContext): Split {
  if (context.flow.source !== context.symbol || context.classes.length === 0) return constant(test, sources, context);
  const parts = context.classes.flatMap(({ sources: ofClass, representative }) => {
    const part = intersect(sources, ofClass);
    return part.length === 0 ? [] : [constant(test, part, { ...context, flow: { ...context.flow, source: representative } })];
  });
  return parts.reduce((all, part) => ({
    yes: unite(all.yes, part.yes), no: unite(all.no, part.no), maybe: unite(all.maybe, part.maybe), question: all.question ?? part.question,
  }), { yes: none, no: none, maybe: none, question: null });
}

function splitByAll(tests: readonly Test[], sources: Sources, context: SplitContext): Split {
  let all: Split = { yes: sources, no: none, maybe: none, question: null };
  for (const test of tests) {
    const open = all.maybe.length === 0 ? all.yes : unite(all.yes, all.maybe);
    if (open.length === 0) return all;
    const one = split(test, open, context);
    if (one.yes === open) continue;
    all = {
      yes: intersect(all.yes, one.yes),
      no: all.no.length === 0 ? one.no : unite(all.no, one.no),
      maybe: unite(subtract(all.maybe, one.no), intersect(all.yes, one.maybe)),
      question: stronger(all.question, one.question),
    };
  }
  return all;
}

/** What is not known goes before what is left to history and chance. */
function stronger(one: Undecided | null, other: Undecided | null): Undecided | null {
  if (one === null || other === null) return one ?? other;
  const isIgnorance = ({ cause }: Undecided): boolean => cause === "opaque" || cause === "routing";
  return isIgnorance(other) && !isIgnorance(one) ? other : one;
}

function negate({ yes, no, maybe, question }: Split): Split {
  return { yes: no, no: yes, maybe, question };
}
