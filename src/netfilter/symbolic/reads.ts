/** What of a packet a chain looks at, itself or in the chains that it calls: packets that agree in it share a summary. */
import type { Act } from "../firewall/acts.ts";
import type { Chain, Table } from "../firewall/model.ts";
import type { AddressField, AddressTest, NameField, NumberField, Test } from "../firewall/tests.ts";
import type { Flow } from "../walk/flow.ts";
import type { ChainState } from "./branch.ts";

export type ReadField = AddressField | NumberField | NameField;

export interface Reads {
  readonly fields: ReadonlySet<ReadField>;
  /** The tests of fields that hold the source of the connection. */
  readonly tupleTests: readonly AddressTest[];
  /** Equal for packets that the chain cannot tell apart but by their source. */
  readonly keyOf: (packet: { readonly flow: Flow; readonly symbol: bigint }, state: ChainState) => string;
}

const known = new WeakMap<Chain, Reads>();

/** Asked once for each chain. */
export function readsOf(chain: Chain, table: Table): Reads {
  const before = known.get(chain);
  if (before !== undefined) return before;
  const fields = new Set<ReadField>();
  const tupleTests: AddressTest[] = [];
  for (const one of reachableChains(chain, table)) {
    for (const { steps } of one.rules) {
      for (const step of steps) {
        if (step.kind === "test") readTest(step.test, fields, tupleTests);
        else readAct(step.act, fields, tupleTests);
      }
    }
  }
  const list = [...fields].sort();
  const reads: Reads = { fields, tupleTests, keyOf: (packet, state) => list.map((field) => valueOf(field, packet, state)).join("|") };
  known.set(chain, reads);
  return reads;
}

function reachableChains(start: Chain, { chains }: Table): ReadonlySet<Chain> {
  const reached = new Set<Chain>([start]);
  for (const chain of reached) {
    for (const { steps } of chain.rules) {
      for (const step of steps) {
        if (step.kind === "test") continue;
        for (const name of targetsOf(step.act)) {
          const target = chains.get(name);
          if (target !== undefined) reached.add(target);
        }
      }
    }
  }
  return reached;
}

function targetsOf(act: Act): readonly string[] {
  if (act.kind === "map") return act.entries.flatMap((entry) => targetsOf(entry.act));
  return act.kind === "jump" || act.kind === "goto" ? [act.chain] : [];
}

/** States come in with marks, so that an act on them reads them. */
function readAct(act: Act, fields: Set<ReadField>, tupleTests: AddressTest[]): void {
  if (act.kind === "mark") fields.add("mark").add("connectionMark");
  if (act.kind === "notrack") fields.add("connectionState");
  if (act.kind === "synproxy") fields.add("tcpFlags");
  if (act.kind !== "map") return;
  for (const entry of act.entries) {
    for (const test of entry.when) readTest(test, fields, tupleTests);
    readAct(entry.act, fields, tupleTests);
  }
}

function readTest(test: Test, fields: Set<ReadField>, tupleTests: AddressTest[]): void {
  switch (test.kind) {
    case "address":
      fields.add("family").add(test.field);
      if (test.field === "originalSource" || test.field === "replyDestination") tupleTests.push(test);
      return;
    case "number":
    case "name":
      fields.add(test.field);
      return;
    case "addressType":
    case "reversePath":
    case "routeOut":
      for (const field of ["family", "source", "destination", "in", "out", "mark"] as const) fields.add(field);
      return;
    case "all":
    case "any":
      for (const one of test.tests) readTest(one, fields, tupleTests);
      return;
    case "not":
      readTest(test.test, fields, tupleTests);
      return;
    case "history":
    case "chance":
    case "opaque":
      return;
  }
}

function valueOf(field: ReadField, { flow, symbol }: { readonly flow: Flow; readonly symbol: bigint }, state: ChainState): string {
  const { connection } = flow;
  const varying = (value: bigint | string | null | undefined): string => (value === symbol ? "*" : String(value));
  switch (field) {
    case "mark":
      return String(state.mark);
    case "connectionMark":
      return String(state.connectionMark);
    case "connectionState":
      return `${flow.state} ${state.untracked}`;
    case "source":
      return varying(flow.source);
    case "originalSource":
      return varying(connection?.original.source);
    case "replyDestination":
      return varying(connection?.reply.destination);
    case "originalDestination":
      return String(connection?.original.destination);
    case "replySource":
      return String(connection?.reply.source);
    case "originalSourcePort":
      return String(connection?.original.sourcePort);
    case "originalDestinationPort":
      return String(connection?.original.destinationPort);
    case "replySourcePort":
      return String(connection?.reply.sourcePort);
    case "replyDestinationPort":
      return String(connection?.reply.destinationPort);
    case "connectionStatus":
      return String(connection?.status);
    case "connectionDirection":
      return String(connection?.direction);
    case "connectionProtocol":
      return String(connection?.protocol);
    case "group":
      return String(flow.user);
    case "fragment":
      return "0";
    case "family":
    case "protocol":
    case "destination":
    case "sourcePort":
    case "destinationPort":
    case "tcpFlags":
    case "icmpType":
    case "icmpCode":
    case "packetType":
    case "user":
    case "in":
    case "out":
    case "physicalIn":
    case "physicalOut":
      return String(flow[field]);
  }
}
