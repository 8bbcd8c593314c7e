/** Which rules of a chain a packet can meet at all: most rules of a host are about one address or one port. */
import { leadingTests } from "../firewall/leading-tests.ts";
import type { Chain, Rule } from "../firewall/model.ts";
import { type Flow, unknown } from "./flow.ts";

/**
 * In their order, without those that first of all ask for another single destination, destination port or, unless `anySource`, source: they leave no trace of
 * the packet.
 */
export function candidates(chain: Chain, { source, destination, destinationPort }: Pick<Flow, "source" | "destination" | "destinationPort">, anySource = false): readonly Rule[] {
  const index = indexOf(chain);
  if (index === null || destination === unknown || destinationPort === unknown) return chain.rules;
  const lists = [index.byDestination.get(destination) ?? [], destinationPort === null ? [] : (index.byPort.get(destinationPort) ?? [])];
  const numbers = anySource || source === unknown ? [index.rest, ...lists] : [index.unsourced, index.bySource.get(source) ?? [], ...lists];
  const filled = numbers.filter((list) => list.length > 0);
  const sorted = filled.length === 1 ? (filled[0] ?? []) : filled.flat().sort((a, b) => a - b);
  return sorted.flatMap((number) => chain.rules[number] ?? []);
}

/** Numbers of rules. */
interface Index {
  readonly byDestination: ReadonlyMap<bigint, readonly number[]>;
  readonly byPort: ReadonlyMap<number, readonly number[]>;
  readonly bySource: ReadonlyMap<bigint, readonly number[]>;
  /** In none of the three; in neither of the first two. */
  readonly unsourced: readonly number[];
  readonly rest: readonly number[];
}

/** Below, going through all of them costs no more. */
const worthwhile = 4;

const known = new WeakMap<Chain, Index>();

function indexOf(chain: Chain): Index | null {
  if (chain.rules.length < worthwhile) return null;
  const before = known.get(chain);
  if (before !== undefined) return before;
  const byDestination = new Map<bigint, number[]>();
  const byPort = new Map<number, number[]>();
  const bySource = new Map<bigint, number[]>();
  const [unsourced, rest]: [number[], number[]] = [[], []];
  for (const [number, rule] of chain.rules.entries()) {
    const { destination, port, source } = singlesOf(rule);
    if (destination !== null) add(byDestination, destination, number);
    else if (port !== null) add(byPort, port, number);
    else {
      rest.push(number);
      if (source === null) unsourced.push(number);
      else add(bySource, source, number);
    }
  }
  const index = { byDestination, byPort, bySource, unsourced, rest };
  known.set(chain, index);
  return index;
}

function add<K>(map: Map<K, number[]>, key: K, number: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [number]);
  else list.push(number);
}

function singlesOf(rule: Rule): { readonly destination: bigint | null; readonly port: number | null; readonly source: bigint | null } {
  let destination: bigint | null = null;
  let port: number | null = null;
  let source: bigint | null = null;
  for (const test of leadingTests(rule)) {
    if (test.kind === "address" && test.field === "destination") destination ??= singleOf(test.set, 1n);
    if (test.kind === "address" && test.field === "source") source ??= singleOf(test.set, 1n);
    if (test.kind === "number" && test.field === "destinationPort" && test.mask === null) port ??= singleOf(test.set, 1);
  }
  return { destination, port, source };
}

function singleOf<T extends number | bigint>([from, to, more]: readonly T[], one: T): T | null {
  return from !== undefined && to !== undefined && more === undefined && to - from === one ? from : null;
}
