/** From where a published port is reached, and what keeps visitors in bounds. */
import { askSources, findLimits, flagBits, formatAddress, type Intervals, isMostOf, listPrefixes, ratePerSecond, type SourceClass, type SourceOptions, subtract, uniteAll, type Walk } from "../../netfilter/index.ts";
import { decidingRule, isUndecided, sayReason } from "./evidence.ts";
import type { Scene } from "./scene.ts";
import type { Way } from "./ways.ts";

/** Whether a packet's fate means that it arrives: at the container, or at the engine's proxy where that runs. */
export function arrives({ verdict, delivered }: Pick<Walk, "verdict" | "delivered">, proxy: boolean): boolean {
  return verdict === "accept" && (delivered === "forward" || (delivered === "host" && proxy));
}

export interface Reach {
  readonly way: Way;
  readonly sources: Intervals<bigint>;
  /** From whoever may send, or all but a few. */
  readonly any: boolean;
  /** A packet that arrives. */
  readonly example: SourceClass | null;
  /** Why it is not known of the others. */
  readonly unknown: string | null;
}

/** While limits are kept. */
export function askReach(scene: Scene, way: Way, proxy: boolean): Reach {
  const classes = askWay(scene, way, { connection: null, scenario: "within" });
  const arriving = classes.filter(({ walk }) => arrives(walk, proxy));
  const sources = uniteAll(arriving.map((one) => one.sources));
  const open = classes.find(({ walk }) => isUndecided(walk));
  return { way, sources, any: isMostOf(sources, way.space, way.packet.source.family), example: arriving.find(({ witness }) => witness === way.packet) ?? arriving[0] ?? null, unknown: open === undefined ? null : sayReason(open.walk) };
}

const asked = new WeakMap<Way, Map<string, readonly SourceClass[]>>();

/** One partition of the sources answers several questions. */
function askWay({ prepared, network }: Scene, way: Way, options: Pick<SourceOptions, "connection" | "scenario">): readonly SourceClass[] {
  const answers = asked.get(way) ?? new Map<string, readonly SourceClass[]>();
  asked.set(way, answers);
  const key = `${String(options.scenario)} ${String(options.connection)}`;
  const classes = answers.get(key) ?? askSources(prepared, way.packet, way.space, { ...options, network });
  answers.set(key, classes);
  return classes;
}

export interface Bound {
  /** Sources of whom nothing is limited. */
  readonly free: Intervals<bigint>;
  /** Of the loosest limit that holds for others: so many a second (or at once, for connections), so many in one go; null where there is none. */
  readonly amount: number | null;
  readonly burst: number | null;
  /** It counts all sources together. */
  readonly shared: boolean;
  /** A packet that nothing limits, or that the loosest limit does; in words. */
  readonly example: string | null;
  readonly unknown: string | null;
}

/** In state NEW, and ESTABLISHED: a SYN that is sent again is called so. */
export function askBound(scene: Scene, way: Way, measure: "rate" | "connections", proxy: boolean): Bound {
  const states = measure === "rate" ? ([null, "ESTABLISHED"] as const) : ([null] as const);
  const found = states.flatMap((state) => askWay(scene, way, { connection: state, scenario: null }).map((one) => ({ ...one, state, limit: loosest(one.walk, measure) })));
  const passing = found.filter(({ walk }) => walk.verdict === "accept" ? arrives(walk, proxy) : walk.verdict === "depends");
  const free = passing.filter(({ limit }) => limit === null);
  const limits = passing.flatMap((one) => (one.limit === null ? [] : [{ ...one, limit: one.limit }])).sort((a, b) => b.limit.amount - a.limit.amount);
  const [worst] = limits;
  const open = found.find(({ walk }) => walk.verdict === "unknown");
  const example = free.find(({ witness }) => witness === way.packet) ?? free[0] ?? worst;
  return {
    free: uniteAll(free.map(({ sources }) => sources)),
    amount: worst?.limit.amount ?? null, burst: worst === undefined ? null : Math.max(...limits.map(({ limit }) => limit.burst)), shared: limits.some(({ limit }) => limit.shared),
    example: example === undefined ? null : `${sayPacket(example)}${example.state === null ? "" : `, in state ${example.state}`}`,
    unknown: open === undefined ? null : sayReason(open.walk),
  };
}

/** The tightest of the limits on one packet's way is the one that holds. */
function loosest(walk: Walk, measure: "rate" | "connections"): { amount: number; burst: number; shared: boolean } | null {
  const limits = findLimits(walk, measure).flatMap(({ limit }) => {
    const amount = measure === "rate" ? ratePerSecond(limit) : limit.amount;
    return amount === null ? [] : [{ amount, burst: limit.burst ?? amount, shared: !limit.keys.includes("source") }];
  });
  return limits.sort((a, b) => Number(a.shared) - Number(b.shared) || a.amount - b.amount)[0] ?? null;
}

/** Scanners' packets: no flag, FIN PSH URG, and all six. */
export const SCANS = { null: [0], xmas: [flagBits.FIN | flagBits.PSH | flagBits.URG, flagBits.FIN | flagBits.SYN | flagBits.RST | flagBits.PSH | flagBits.ACK | flagBits.URG] } as const;

/** Whether such a packet, from wherever, reaches a container or the host, or is answered by a rule; a text is the reason why that is not known. */
export function askScan({ prepared, network }: Scene, { packet, space }: Way, flags: readonly number[]): boolean | string {
  const walks = flags.flatMap((tcpFlags) => askSources(prepared, { ...packet, tcpFlags }, space, { network, connection: null, scenario: "within" })).map(({ walk }) => walk);
  // What routing refuses (a link-local source, say) never was on its way to a rule.
  if (walks.some((walk) => walk.verdict === "accept" || (walk.verdict === "reject" && decidingRule(walk) !== null))) return true;
  const open = walks.find(isUndecided);
  return open === undefined ? false : sayReason(open);
}

/** `198.51.100.9 to 172.17.0.2:80 by eth0`. */
export function sayPacket({ witness: { source, destination, destinationPort, in: name } }: Pick<SourceClass, "witness">): string {
  const target = destination.family === 6 ? `[${formatAddress(destination)}]` : formatAddress(destination);
  return `${formatAddress(source)} to ${target}:${String(destinationPort ?? 0)} by ${name ?? "this host"}`;
}

/** Prefixes; or `any source`, and `any source but` the few that are kept out, for whoever may send on one of the ways. */
export function listSources(sources: Intervals<bigint>, ways: readonly Pick<Way, "space">[], family: 4 | 6): string[] {
  const spaces = ways.map(({ space }) => space).filter((space) => isMostOf(sources, space, family));
  const [missing] = spaces.map((space) => subtract(space, sources)).sort((a, b) => a.length - b.length);
  if (missing === undefined) return listPrefixes(sources, family);
  return [missing.length === 0 ? "any source" : `any source but ${saySources(listPrefixes(missing, family))}`];
}

/** The first few of them. */
export function saySources(prefixes: readonly string[]): string {
  return prefixes.length <= FEW ? prefixes.join(", ") : `${prefixes.slice(0, FEW).join(", ")} and ${String(prefixes.length - FEW)} more`;
}

const FEW = 4;
