/**
 * Reduced ordered binary decision diagrams (Bryant 1986): sets of packets as functions of bits. Equal sets are the same number, so that comparing
 * two costs nothing. Variables are asked in the order of their numbers. A set and all packets that are not in it share their nodes (complement edges,
 * Brace, Rudell and Bryant 1990): what is dropped and what is left over is one diagram.
 */

/** A set of packets: twice the number of its node, and one more for all that are not in it. 0 is empty, 1 is everything. */
export type PacketSet = number;

export const nothing: PacketSet = 0;
export const everything: PacketSet = 1;

/** Some 200 MB. */
const MOST_NODES = 1 << 23;
/** Most chains need a few hundred nodes, and a host has dozens of chains: a diagram begins small. */
const FIRST_NODES = 1 << 10;
const MOST_CACHED = 1 << 16;

/** The rule set needs more memory than is given to it. */
export class DiagramTooLarge extends Error {
  constructor() {
    super("the rules tell too many kinds of packets apart");
    this.name = "DiagramTooLarge";
  }
}

export interface Diagrams {
  /** Nodes that have been made so far, and those that there is room for. */
  readonly size: () => number;
  readonly room: number;
  /** Packets with this bit set. */
  readonly variable: (index: number) => PacketSet;
  /** `high` for packets with this bit, `low` for the others. The bit must come before those of both. */
  readonly choice: (index: number, low: PacketSet, high: PacketSet) => PacketSet;
  readonly and: (left: PacketSet, right: PacketSet) => PacketSet;
  readonly or: (left: PacketSet, right: PacketSet) => PacketSet;
  readonly without: (left: PacketSet, right: PacketSet) => PacketSet;
  /** `then` where the condition holds, `otherwise` elsewhere. */
  readonly pick: (condition: PacketSet, then: PacketSet, otherwise: PacketSet) => PacketSet;
  /** Every node rebuilt from the bottom: `change` gets the variable and what was made of both sides. */
  readonly rebuild: (set: PacketSet, change: (index: number, low: PacketSet, high: PacketSet) => PacketSet) => PacketSet;
  /** The bits that one packet of the set must have; variables that do not count are left out. Null for the empty set. */
  readonly member: (set: PacketSet) => ReadonlyMap<number, boolean> | null;
}

/** Throws `DiagramTooLarge` once more than `mostNodes` are needed. */
export function createDiagrams(mostNodes = MOST_NODES): Diagrams {
  let capacity = FIRST_NODES;
  let variables = new Int32Array(capacity);
  let lows = new Int32Array(capacity);
  let highs = new Int32Array(capacity);
  let slots = new Int32Array(capacity * 2);
  let count = 1;
  // Of the constant: behind every variable.
  variables[0] = 0x7fffffff;
  let cacheKeys = new Int32Array(FIRST_NODES * 2).fill(-1);
  let cacheValues = new Int32Array(FIRST_NODES);

  function hash(index: number, low: number, high: number): number {
    return (Math.imul(index, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35)) >>> 0;
  }

  /** Of a set and its complement one has the node: that whose packets without the bit are no complement. */
  function choice(index: number, low: PacketSet, high: PacketSet): PacketSet {
    if (low === high) return low;
    const sign = low & 1;
    return (nodeOf(index, low ^ sign, high ^ sign) << 1) | sign;
  }

  function nodeOf(index: number, low: PacketSet, high: PacketSet): number {
    const size = slots.length;
    let slot = hash(index, low, high) & (size - 1);
    for (let node = slots[slot] ?? 0; node !== 0; node = slots[slot] ?? 0) {
      if (variables[node] === index && lows[node] === low && highs[node] === high) return node;
      slot = (slot + 1) & (size - 1);
    }
    if (count === capacity) {
      grow();
      return nodeOf(index, low, high);
    }
    variables[count] = index;
    lows[count] = low;
    highs[count] = high;
    slots[slot] = count;
    return count++;
  }

  function grow(): void {
    if (capacity >= mostNodes) throw new DiagramTooLarge();
    capacity *= 2;
    [variables, lows, highs] = [enlarge(variables, capacity), enlarge(lows, capacity), enlarge(highs, capacity)];
    slots = new Int32Array(capacity * 2);
    for (let node = 1; node < count; node++) {
      let slot = hash(variables[node] ?? 0, lows[node] ?? 0, highs[node] ?? 0) & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = node;
    }
    if (capacity > MOST_CACHED) return;
    cacheKeys = new Int32Array(capacity * 2).fill(-1);
    cacheValues = new Int32Array(capacity);
  }

  function and(left: PacketSet, right: PacketSet): PacketSet {
    if (left === nothing || right === nothing || left === (right ^ 1)) return nothing;
    if (left === everything || left === right) return right;
    if (right === everything) return left;
    const [first, second] = left > right ? [right, left] : [left, right];
    const place = hash(0, first, second);
    const known = place & (cacheValues.length - 1);
    if (cacheKeys[known * 2] === first && cacheKeys[known * 2 + 1] === second) return cacheValues[known] ?? 0;
    const [a, b] = [variables[first >> 1] ?? 0, variables[second >> 1] ?? 0];
    const index = Math.min(a, b);
    const low = and(a === index ? lowOf(first) : first, b === index ? lowOf(second) : second);
    const high = and(a === index ? highOf(first) : first, b === index ? highOf(second) : second);
    const result = choice(index, low, high);
    // The cache may have grown meanwhile.
    const slot = place & (cacheValues.length - 1);
    cacheKeys[slot * 2] = first;
    cacheKeys[slot * 2 + 1] = second;
    cacheValues[slot] = result;
    return result;
  }

  function lowOf(set: PacketSet): PacketSet {
    return (lows[set >> 1] ?? 0) ^ (set & 1);
  }

  function highOf(set: PacketSet): PacketSet {
    return (highs[set >> 1] ?? 0) ^ (set & 1);
  }

  function rebuild(set: PacketSet, change: (index: number, low: PacketSet, high: PacketSet) => PacketSet, done = new Map<PacketSet, PacketSet>()): PacketSet {
    if (set < 2) return set;
    const known = done.get(set);
    if (known !== undefined) return known;
    const result = change(variables[set >> 1] ?? 0, rebuild(lowOf(set), change, done), rebuild(highOf(set), change, done));
    done.set(set, result);
    return result;
  }

  function member(set: PacketSet): ReadonlyMap<number, boolean> | null {
    if (set === nothing) return null;
    const bits = new Map<number, boolean>();
    for (let here = set; here !== everything; ) {
      const isLow = lowOf(here) !== nothing;
      bits.set(variables[here >> 1] ?? 0, !isLow);
      here = isLow ? lowOf(here) : highOf(here);
    }
    return bits;
  }

  const or = (left: PacketSet, right: PacketSet): PacketSet => and(left ^ 1, right ^ 1) ^ 1;
  const without = (left: PacketSet, right: PacketSet): PacketSet => and(left, right ^ 1);
  return {
    size: () => count,
    room: mostNodes,
    variable: (index) => choice(index, nothing, everything),
    choice, and, or, without,
    pick: (condition, then, otherwise) => {
      if (then === otherwise) return then;
      if (then === everything) return or(condition, otherwise);
      return then === nothing ? without(otherwise, condition) : or(and(condition, then), without(otherwise, condition));
    },
    rebuild: (set, change) => rebuild(set, change),
    member,
  };
}

function enlarge(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
