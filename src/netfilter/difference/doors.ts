/** By which addresses and ports of this host translation leads to a destination. */
import type { Act, NatAct } from "../firewall/acts.ts";
import type { Firewall, Rule } from "../firewall/model.ts";
import type { Test } from "../firewall/tests.ts";
import { contains } from "../sets/intervals.ts";

/** What a rule asks of packets that it translates, and what it makes of them. */
export interface Door {
  readonly family: 4 | 6;
  /** Null: whatever address of this host. */
  readonly address: bigint | null;
  readonly port: number | null;
  readonly protocol: number | null;
  /** What becomes of the packet. */
  readonly act: NatAct;
}

/** Doors of all rules that translate destinations. */
export function listDoors({ tables }: Firewall): readonly Door[] {
  return tables.flatMap((table) => [...table.chains.values()].flatMap(({ rules }) => rules.flatMap((rule) => doorsOf(rule, table.family))));
}

function doorsOf({ steps }: Rule, family: string): Door[] {
  const tests = steps.flatMap((step) => (step.kind === "test" ? flatten(step.test) : []));
  return steps.flatMap((step) => (step.kind === "act" ? doorsOfAct(step.act, tests, family) : []));
}

function doorsOfAct(act: Act, tests: readonly Test[], family: string): Door[] {
  if (act.kind === "map") return act.entries.flatMap(({ when, act: one }) => doorsOfAct(one, [...tests, ...when.flatMap(flatten)], family));
  if (act.kind !== "nat" || (act.type !== "dnat" && act.type !== "redirect")) return [];
  const families = family === "inet" ? ([4, 6] as const) : [family === "ip6" ? (6 as const) : (4 as const)];
  return families.map((one) => ({
    family: one, act,
    address: tests.flatMap((test) => (test.kind === "address" && test.field === "destination" && test.family === one && test.set.length === 2 ? (test.set[0] ?? []) : []))[0] ?? null,
    port: firstOf(tests, "destinationPort"),
    protocol: firstOf(tests, "protocol"),
  }));
}

function firstOf(tests: readonly Test[], field: "destinationPort" | "protocol"): number | null {
  return tests.flatMap((test) => (test.kind === "number" && test.field === field && test.mask === null ? (test.set[0] ?? []) : []))[0] ?? null;
}

function flatten(test: Test): readonly Test[] {
  return test.kind === "all" ? test.tests.flatMap(flatten) : [test];
}

/** Whether packets that go through the door may come to this address and port; what a redirect makes of the address is not looked at. */
export function leadsTo({ act, port: asked }: Door, address: bigint, port: number | null): boolean {
  const { addresses, ports } = act;
  if (addresses !== null && !contains([addresses.from, addresses.to + 1n], address)) return false;
  if (port === null) return true;
  return ports === null ? asked === null || asked === port : port >= ports.from && port <= ports.to;
}
