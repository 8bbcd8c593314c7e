/** Which rules of a chain a packet can meet at all: most rules of a Docker host are about one address or one port. */
import type { Chain, Rule } from "../firewall/model.ts";
import type { Test } from "../firewall/tests.ts";
import { type Flow, unknown } from "../walk/flow.ts";

/** In their order, without those that ask for another single destination or destination port before they do anything. */
export function candidates(chain: Chain, { destination, destinationPort }: Pick<Flow, "destination" | "destinationPort">): readonly Rule[] {
  const index = indexOf(chain);
  if (index === null || destination === unknown || destinationPort === unknown) return chain.rules;
  const lists = [index.rest, index.byDestination.get(destination) ?? [], destinationPort === null ? [] : (index.byPort.get(destinationPort) ?? [])];
  const numbers = lists.filter((list) => list.length > 0).flat();
  if (lists[0]?.length !== numbers.length) numbers.sort((a, b) => a - b);
  return numbers.flatMap((number) => chain.rules[number] ?? []);
}

interface Index {
  readonly byDestination: ReadonlyMap<bigint, readonly number[]>;
  readonly byPort: ReadonlyMap<number, readonly number[]>;
  readonly rest: readonly number[];
}

/** Below, going through all of them costs no more. */
const worthwhile = 16;

const known = new WeakMap<Chain, Index>();

function indexOf(chain: Chain): Index | null {
  if (chain.rules.length < worthwhile) return null;
  const before = known.get(chain);
  if (before !== undefined) return before;
  const byDestination = new Map<bigint, number[]>();
  const byPort = new Map<number, number[]>();
  const rest: number[] = [];
  for (const [number, rule] of chain.rules.entries()) {
    const { destination, port } = singlesOf(rule);
    if (destination !== null) add(byDestination, destination, number);
    else if (port !== null) add(byPort, port, number);
    else rest.push(number);
  }
  const index = { byDestination, byPort, rest };
  known.set(chain, index);
  return index;
}

function add<K>(map: Map<K, number[]>, key: K, number: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [number]);
  else list.push(number);
}

function singlesOf(rule: Rule): { readonly destination: bigint | null; readonly port: number | null } {
  let destination: bigint | null = null;
  let port: number | null = null;
  for (const step of rule.steps) {
    if (step.kind === "act") break;
    for (const test of flatten(step.test)) {
      if (test.kind === "address" && test.field === "destination") destination ??= singleOf(test.set, 1n);
      if (test.kind === "number" && test.field === "destinationPort" && test.mask === null) port ??= singleOf(test.set, 1);
    }
  }
  return { destination, port };
}

function flatten(test: Test): readonly Test[] {
  return test.kind === "all" ? test.tests.flatMap(flatten) : [test];
}

function singleOf<T extends number | bigint>([from, to, more]: readonly T[], one: T): T | null {
  return from !== undefined && to !== undefined && more === undefined && to - from === one ? from : null;
}
