/** Address translation: what a nat rule binds, and how later packets are translated (nf_nat_core.c, nf_nat_redirect.c, nf_nat_masquerade.c). */
import type { NatAct } from "../firewall/acts.ts";
import type { Rule } from "../firewall/model.ts";
import { statusBits } from "../firewall/tests.ts";
import { type Flow, type FlowConnection, type FlowTuple, type Known, toAddress, unknown } from "./flow.ts";
import { formatEndpoint } from "./hops.ts";
import type { End, Run } from "./run.ts";

/** More addresses than a rule may choose from for each to be followed. */
const most = 16n;

export interface Translation {
  /** In words, for the hop. */
  readonly action: string;
  /** Null: goes on, translated. */
  readonly end: End | null;
}

/** Binds the connection of a first packet and translates the packet. */
export function translate(run: Run, act: NatAct, rule: Rule): Translation {
  const { flow } = run;
  const { connection } = flow;
  // A family that the rule does not translate, or no connection: the rule could not have been asked.
  if (connection === null || (act.addresses !== null && act.addresses.family !== flow.family)) return { action: act.type, end: null };
  const side = act.type === "dnat" || act.type === "redirect" ? "destination" : "source";
  const address = chooseAddress(run, act, rule);
  if (address === null) return { action: act.type, end: { verdict: "drop", reason: "there is no address to translate to" } };
  const port = choosePort(act, side === "destination" ? flow.destinationPort : flow.sourcePort, side);
  // Whether a source is translated at all hangs on whether it has that address already.
  if (side === "source" && address !== unknown) run.onSource([address, address + 1n]);
  bind(flow, connection, side, address, port);
  const end: End | null = address === unknown && side === "destination" && act.type !== "redirect" ? { verdict: "unknown", reason: `${rule.source.text} chooses one of many addresses` } : null;
  return { action: `${act.type} to ${formatEndpoint(flow.family, address, port)}`, end };
}

/** Null: there is none, and the kernel drops. */
function chooseAddress(run: Run, act: NatAct, rule: Rule): Known<bigint> | null {
  const { flow, network } = run;
  if (act.type === "masquerade") return masqueradeAddress(run);
  if (act.type === "redirect") {
    if (run.hook === "output") return flow.family === 4 ? 0x7f000001n : 1n;
    const destination = toAddress(flow.family, flow.destination);
    if (network === null || flow.in === unknown || destination === null) return unknown;
    return network.redirectAddress(flow.in, destination)?.value ?? null;
  }
  const current = act.type === "dnat" ? flow.destination : flow.source;
  if (act.addresses === null) return current;
  const { from, to } = act.addresses;
  if (act.prefix) return current === unknown ? unknown : from | (current & (to - from));
  if (to - from >= most) return unknown;
  for (let address = from; address < to; address++) {
    if (run.choose({ cause: "chance", text: `translated to ${formatEndpoint(flow.family, address, null)}` }, rule)) return address;
  }
  return to;
}

function masqueradeAddress({ flow, network }: Run): Known<bigint> | null {
  const destination = toAddress(flow.family, flow.destination);
  if (network === null || flow.out === unknown || destination === null) return unknown;
  return network.sourceAddress(flow.out, destination)?.value ?? null;
}

/** nf_nat_l4proto_unique_tuple: a port in the range is kept; else destinations get the first, sources any. */
function choosePort({ ports, basePort }: NatAct, current: Known<number> | null, side: "source" | "destination"): Known<number> | null {
  if (current === null || ports === null) return current;
  const { from, to } = ports;
  if (basePort !== null) return current === unknown ? unknown : from + ((current - basePort) % (to - from + 1));
  if (from === to) return from;
  if (current !== unknown && current >= from && current <= to) return current;
  return side === "destination" ? from : unknown;
}

function bind(flow: Flow, connection: FlowConnection, side: "source" | "destination", address: Known<bigint>, port: Known<number> | null): void {
  const { reply } = connection;
  const isSame = side === "destination" ? address === flow.destination && port === flow.destinationPort : address === flow.source && port === flow.sourcePort;
  connection.bound[side] = true;
  if (isSame) return;
  connection.reply = side === "destination" ? { ...reply, source: address, sourcePort: port ?? reply.sourcePort } : { ...reply, destination: address, destinationPort: port ?? reply.destinationPort };
  connection.status |= side === "destination" ? statusBits.DNAT : statusBits.SNAT;
  translateBound(flow, connection, side);
}

/**
 * nf_nat_packet: the packet gets the addresses that the other direction of its connection has, on the side that this hook translates
 * (destination before routing, source after), where that side was bound. Replies undo it: their destination is what became of the source.
 */
export function translateBound(flow: Flow, connection: FlowConnection, side: "source" | "destination"): void {
  const isOriginal = connection.direction === "original";
  const bit = (side === "destination") === isOriginal ? statusBits.DNAT : statusBits.SNAT;
  if ((connection.status & bit) === 0) return;
  const other: FlowTuple = isOriginal ? connection.reply : connection.original;
  if (side === "destination") {
    flow.destination = other.source;
    if (flow.destinationPort !== null) flow.destinationPort = other.sourcePort;
  } else {
    flow.source = other.destination;
    if (flow.sourcePort !== null) flow.sourcePort = other.destinationPort;
  }
}
