/** The way of a packet through the kernel: hooks and routing decisions in their order (ip_rcv, ip_forward, ip_local_out, br_netfilter). */
import { faultOf, refuseArrival } from "./arrival.ts";
import { forwardOnBridge, findBridge, handOn, refuseHairpin } from "./bridge.ts";
import { statusBits } from "../firewall/tests.ts";
import { type Known, toAddress, unknown } from "./flow.ts";
import { walkHook } from "./hook.ts";
import { formatEndpoint } from "./hops.ts";
import type { Route, RouteRequest } from "./network.ts";
import type { Delivery, End, Run } from "./run.ts";

/** From where the packet comes to where it ends. */
export function followPath(run: Run): Delivery {
  return run.flow.in === "" ? sendPacket(run) : receivePacket(run);
}

/** A packet from the port of a bridge stays on the bridge, or goes up to be routed. br_netfilter calls PREROUTING for both, before IP has looked at it. */
function receivePacket(run: Run): Delivery {
  const arrival = findBridge(run);
  if (arrival?.stays === true && !arrival.filtered) return handOn(run, arrival.bridge);
  if (arrival?.filtered !== true) return refuseArrival(run) ?? walkHook(run, "prerouting") ?? route(run, decideInput(run));
  const { bridge, stays } = arrival;
  const before = run.flow.destination;
  const fault = faultOf(run);
  const end = walkHook(run, "prerouting");
  if (end !== null) return end;
  const isTranslated = run.flow.destination !== before;
  if (stays && !isTranslated) return forwardOnBridge(run, bridge);
  const decision = decideInput(run);
  if (isTranslated && decision.kind === "out" && decision.out === bridge) return refuseHairpin(run, bridge) ?? forwardOnBridge(run, bridge);
  // br_nf_pre_routing_finish addresses it to this host, whatever it was on the link.
  if (isTranslated) run.flow.packetType = 0;
  if (isTranslated && fault !== null) return { verdict: "unknown", reason: `a rule translated what IP would refuse (${fault}) before IP looked at it` };
  return refuseArrival(run) ?? route(run, decision);
}

/** After PREROUTING: to this host, or onwards. */
function route(run: Run, decision: Input): Delivery {
  note(run, decision);
  switch (decision.kind) {
    case "local":
    case "local-broadcast":
      return deliver(run);
    case "out":
      return forward(run, decision.out);
    case "drop":
    case "reject":
    case "unknown":
      return { verdict: decision.kind, reason: decision.reason };
  }
}

type Input = Route | { readonly kind: "out"; readonly out: typeof unknown };

/** Without routes both ways are open; only what a rule redirects to this host surely comes here. */
function decideInput(run: Run): Input {
  const { flow, network } = run;
  const request = requestOf(run);
  if (network !== null && request !== null && flow.in !== unknown) return network.routeInput({ ...request, in: flow.in });
  if (flow.destination === unknown) return { kind: "local" };
  return isChosenLocal(run) ? { kind: "local" } : { kind: "out", out: unknown };
}

function isChosenLocal(run: Run): boolean {
  const address = formatEndpoint(run.flow.family, run.flow.destination, null);
  return run.choose({ cause: "routing", text: `whether ${address} is this host's own address` }, null);
}

function deliver(run: Run): Delivery {
  run.flow.out = "";
  run.flow.physicalOut = "";
  return walkHook(run, "input") ?? { verdict: "accept", delivered: "host" };
}

/** What the link addressed to all is not handed on, even if a rule has given it one address (ip_forward, ip6_forward). */
function forward(run: Run, out: Known<string>): Delivery {
  if (run.flow.packetType === 1 || run.flow.packetType === 2) return { verdict: "drop", reason: "what came as a broadcast or multicast is not forwarded" };
  run.flow.out = out;
  return walkHook(run, "forward") ?? leave(run);
}

/** POSTROUTING, and what this host sends to itself comes back by lo: PREROUTING (its connection is known and confirmed by then), and no routing again. */
function leave(run: Run): Delivery {
  const end = walkHook(run, "postrouting");
  if (end !== null) return end;
  const { flow } = run;
  if (flow.out !== "lo") return { verdict: "accept", delivered: "forward" };
  if (flow.connection !== null) flow.connection.status |= statusBits.CONFIRMED;
  flow.in = "lo";
  flow.out = "";
  return walkHook(run, "prerouting") ?? deliver(run);
}

/**
 * OUTPUT. A changed mark or address routes the packet anew (ip_route_me_harder), yet the chains of this hook go on seeing the interface by
 * which it was to leave first.
 */
function sendPacket(run: Run): Delivery {
  const first = decideOutput(run);
  if (first.kind !== "out") return refuse(run, first);
  let { out } = first;
  run.flow.out = out;
  let before = routingKey(run);
  const reroute = (): End | null => {
    if (routingKey(run) === before) return null;
    before = routingKey(run);
    const next = decideOutput(run);
    note(run, next);
    if (next.kind !== "out") return refuse(run, next);
    out = next.out;
    return null;
  };
  const end = walkHook(run, "output", reroute);
  if (end !== null) return end;
  run.flow.out = out;
  return leave(run);
}

type Output = { readonly kind: "out"; readonly out: Known<string> } | Exclude<Route, { readonly kind: "out" | "local" | "local-broadcast" }>;

function decideOutput(run: Run): Output {
  const request = requestOf(run);
  if (run.network === null || request === null) return { kind: "out", out: isChosenLocal(run) ? "lo" : unknown };
  const decision = run.network.routeOutput(request);
  return decision.kind === "local" || decision.kind === "local-broadcast" ? { kind: "out", out: "lo" } : decision;
}

function refuse(run: Run, decision: Exclude<Output, { readonly kind: "out" }>): End {
  note(run, decision);
  return { verdict: decision.kind, reason: decision.reason };
}

function routingKey({ flow }: Run): string {
  return [flow.source, flow.destination, flow.mark].join(" ");
}

/** Null where an address is not known. */
function requestOf({ flow }: Run): RouteRequest | null {
  const [source, destination] = [toAddress(flow.family, flow.source), toAddress(flow.family, flow.destination)];
  if (source === null || destination === null) return null;
  const { mark, protocol, sourcePort, destinationPort } = flow;
  return { source, destination, mark, protocol, sourcePort: sourcePort === unknown ? null : sourcePort, destinationPort: destinationPort === unknown ? null : destinationPort };
}

function note(run: Run, decision: Route | { readonly kind: "out"; readonly out: Known<string> }): void {
  const to = formatEndpoint(run.flow.family, run.flow.destination, null);
  const [action, why] = describeRoute(decision, to);
  run.hops.push({ hook: "routing", family: null, table: null, chain: null, rule: null, source: null, action, why, open: null });
}

function describeRoute(decision: Route | { readonly kind: "out"; readonly out: Known<string> }, to: string): readonly [string, string] {
  switch (decision.kind) {
    case "local":
      return ["to this host", `${to} is an address of this host`];
    case "local-broadcast":
      return ["to this host", `${to} is a broadcast or multicast address`];
    case "out":
      return decision.out === unknown ? ["onwards", `${to} is taken for another host's`] : [`out by ${decision.out}`, `the route to ${to}`];
    case "drop":
    case "reject":
    case "unknown":
      return [decision.kind, decision.reason];
  }
}
