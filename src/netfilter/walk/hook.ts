/** One hook: its base chains in the kernel's order, with connection tracking and translation where the kernel has them. */
import type { Hook } from "../firewall/model.ts";
import { track } from "./conntrack.ts";
import type { HookChains, PlacedChain } from "./prepare.ts";
import type { End, Run } from "./run.ts";
import { translateBound } from "./translate.ts";

/** NF_IP_PRI_CONNTRACK: chains before it see no connection. */
const conntrackPriority = -200;

/** The hooks that translate, what they translate, and when (nf_nat_proto.c): whatever priority a nat chain has, it is asked there. */
const translating: Partial<Record<Hook, { readonly side: "source" | "destination"; readonly priority: number }>> = {
  prerouting: { side: "destination", priority: -100 },
  output: { side: "destination", priority: -100 },
  input: { side: "source", priority: 100 },
  postrouting: { side: "source", priority: 100 },
};

/** Null: every base chain accepts. `onChanged` is told after a chain of type route, and after translation. */
export function walkHook(run: Run, hook: Hook, onChanged: (by: "route" | "nat") => End | null = () => null): End | null {
  run.hook = hook;
  const chains = run.prepared.hook(run.flow.family, hook);
  const [gap] = chains.gaps;
  if (gap !== undefined) return { verdict: "unknown", reason: gap.reason };
  for (const station of stationsOf(hook, chains)) {
    const end = visit(run, station, chains, onChanged);
    if (end !== null) return end;
  }
  return null;
}

type Station = { readonly kind: "chain"; readonly placed: PlacedChain } | { readonly kind: "conntrack" } | { readonly kind: "nat"; readonly side: "source" | "destination" };

function stationsOf(hook: Hook, { filters }: HookChains): readonly Station[] {
  const own: { readonly priority: number; readonly station: Station }[] = filters.map((placed) => ({ priority: placed.base.priority, station: { kind: "chain", placed } }));
  if (hook === "prerouting" || hook === "output") own.push({ priority: conntrackPriority, station: { kind: "conntrack" } });
  const nat = translating[hook];
  if (nat !== undefined) own.push({ priority: nat.priority, station: { kind: "nat", side: nat.side } });
  return own.sort((a, b) => a.priority - b.priority).map(({ station }) => station);
}

function visit(run: Run, station: Station, chains: HookChains, onChanged: (by: "route" | "nat") => End | null): End | null {
  switch (station.kind) {
    case "conntrack":
      track(run.flow, run.tracked, run.network);
      return null;
    case "nat":
      return walkNat(run, station.side, chains) ?? onChanged("nat");
    case "chain":
      return run.walkChain(run, station.placed) ?? (station.placed.base.type === "route" ? onChanged("route") : null);
  }
}

/** nf_nat_inet_fn: the chains are asked for the first packet, until one of them binds; later packets are translated as it was. */
function walkNat(run: Run, side: "source" | "destination", { nats }: HookChains): End | null {
  const { flow } = run;
  const { connection } = flow;
  if (connection === null) return null;
  const isIcmpError = flow.state === "RELATED" && (flow.protocol === 1 || flow.protocol === 58);
  if (!connection.bound[side] && !isIcmpError) {
    for (const placed of nats) {
      const end = run.walkChain(run, placed);
      if (end !== null) return end;
      if (isBound(connection, side)) return null;
    }
    connection.bound[side] = true;
    return null;
  }
  translateBound(flow, connection, side);
  return null;
}

/** Asked again because a chain may have bound it meanwhile. */
function isBound({ bound }: { readonly bound: Readonly<Record<"source" | "destination", boolean>> }, side: "source" | "destination"): boolean {
  return bound[side];
}
