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
  const bySource = anySource || source === unknown ? [index.rest] : [index.unsourced, index.bySource.get(source) ?? []];
  const lists = [...bySource, index.byDestination.get(destination) ?? [], destinationPort === null ? [] : (index.byPort.get(destinationPort) ?? [])];
  const [first = [], ...others] = lists.filter((list) => list.length > 0);
  if (others.length === 0) return first;
  return [...first, ...others.flat()].sort((a, b) => (index.numbers.get(a) ?? 0) - (index.numbers.get(b) ?? 0));
}

interface Index {
  readonly byDestination: ReadonlyMap<bigint, readonly Rule[]>;
  readonly byPort: ReadonlyMap<number, readonly Rule[]>;
  readonly bySource: ReadonlyMap<bigint, readonly Rule[]>;
  /** In none of the three; in neither of the first two. */
  readonly unsourced: readonly Rule[];
  readonly rest: readonly Rule[];
  /** Of each rule its place in the chain. */
  readonly numbers: ReadonlyMap<Rule, number>;
}

/** Below, going through all of them costs no more. */
const worthwhile = 4;

const known = new WeakMap<Chain, Index>();

function indexOf(chain: Chain): Index | null {
  if (chain.rules.length < worthwhile) return null;
  const before = known.get(chain);
  if (before !== undefined) return before;
  const byDestination = new Map<bigint, Rule[]>();
  const byPort = new Map<number, Rule[]>();
  const bySource = new Map<bigint, Rule[]>();
  const [unsourced, rest]: [Rule[], Rule[]] = [[], []];
  for (const rule of chain.rules) {
    const { destination, port, source } = singlesOf(rule);
    if (destination !== null) add(byDestination, destination, rule);
    else if (port !== null) add(byPort, port, rule);
    else {
      rest.push(rule);
      if (source === null) unsourced.push(rule);
      else add(bySource, source, rule);
    }
  }
  const index = { byDestination, byPort, bySource, unsourced, rest, numbers: new Map(chain.rules.map((rule, number) => [rule, number])) };
  known.set(chain, index);
  return index;
}

function add<K>(map: Map<K, Rule[]>, key: K, rule: Rule): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [rule]);
  else list.push(rule);
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
