/** What a change does to one packet: the plain walk under both rule sets, while limits are kept and once they are exceeded. */
import type { Limit } from "../firewall/tests.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { Connection, ConnectionState, Packet } from "../walk/packet.ts";
import type { Prepared } from "../walk/prepare.ts";
import type { Scenario } from "../walk/evaluate.ts";
import type { MetLimit } from "../walk/run.ts";
import { walkPacket, type Walk } from "../walk/walk.ts";

/** A rule set on a host; without a network what depends on routing is unknown. */
export interface Judged {
  readonly prepared: Prepared;
  readonly network: HostNetwork | null;
}

/** A packet and the connection that it belongs to, as `walkPacket` takes them. */
export interface Sent {
  readonly packet: Packet;
  readonly connection: Connection | ConnectionState | null;
}

/**
 * denied, allowed: accepted before and not after, or the reverse, while limits are kept (or, where limits only let more pass, beyond). limited, unlimited: accepted on both sides,
 * but only on one also beyond limits. limit: its fate hangs on limits on both sides, and they are others. elsewhere: accepted on both sides, delivered to somebody else. unknown: on one
 * side, or on both for different reasons, it is not known.
 */
export type ChangeKind = "denied" | "allowed" | "limited" | "unlimited" | "limit" | "elsewhere" | "unknown";

/** The walks of one side. */
export interface Fates {
  readonly within: Walk;
  readonly beyond: Walk;
}

export interface Confirmed {
  readonly kind: ChangeKind;
  readonly before: Fates;
  readonly after: Fates;
}

/** Null: the packet fares the same, as far as the two extremes of its limits and the limits themselves tell. */
export function confirmChange(before: Judged, after: Judged, sent: Sent): Confirmed | null {
  const [one, other] = [walkBoth(before, sent), walkBoth(after, sent)];
  const kind = classify(one, other) ?? (dependsOnLimits(one) && dependsOnLimits(other) && limitsOf(before, sent) !== limitsOf(after, sent) ? "limit" : null);
  return kind === null ? null : { kind, before: one, after: other };
}

function walkBoth({ prepared, network }: Judged, { packet, connection }: Sent): Fates {
  const walk = (scenario: "within" | "beyond"): Walk => walkPacket(prepared, packet, { network, connection, scenario });
  return { within: walk("within"), beyond: walk("beyond") };
}

type Fate = "accept" | "deny" | "unknown";

function fateOf({ verdict }: Walk): Fate {
  if (verdict === "accept") return "accept";
  return verdict === "drop" || verdict === "reject" ? "deny" : "unknown";
}

function classify(one: Fates, other: Fates): ChangeKind | null {
  const [within, beyond] = [[fateOf(one.within), fateOf(other.within)], [fateOf(one.beyond), fateOf(other.beyond)]] as const;
  if ([...within, ...beyond].includes("unknown")) return describeOpen(one) === describeOpen(other) ? null : "unknown";
  if (within[0] !== within[1]) return within[0] === "accept" ? "denied" : "allowed";
  if (beyond[0] !== beyond[1]) {
    if (within[0] === "accept") return beyond[0] === "accept" ? "limited" : "unlimited";
    return beyond[0] === "accept" ? "denied" : "allowed";
  }
  return within[0] === "accept" && describeDelivery(one.within) !== describeDelivery(other.within) ? "elsewhere" : null;
}

function dependsOnLimits({ within, beyond }: Fates): boolean {
  return fateOf(within) !== fateOf(beyond);
}

/** What is not known, and why: equal where the change makes no difference to it. */
function describeOpen({ within, beyond }: Fates): string {
  return JSON.stringify([within, beyond].map((walk) => [fateOf(walk), fateOf(walk) === "unknown" ? [walk.reason, walk.questions.map(({ rule }) => rule?.source.text ?? null)] : null]));
}

function describeDelivery({ delivered, to, out }: Walk): string {
  return JSON.stringify([delivered, to, out]);
}

/** The limits on which the fate hangs: with some answers of the others it is another one by their own. A limit that is asked twice on the way has one answer. */
function limitsOf({ prepared, network }: Judged, { packet, connection }: Sent): string {
  const walk = (scenario: Scenario): Walk => walkPacket(prepared, packet, { network, connection, scenario });
  const { limits, questions } = walk(null);
  const asking = new Set(questions.map(({ rule }) => rule));
  const fates = limits.length > MOST_LIMITS ? null : fatesByAnswers(limits, walk);
  const hanging = fates === null ? limits.filter(({ rule }) => asking.has(rule)) : limits.filter((_, place) => fates.some((fate, answers) => fate !== fates[answers ^ (1 << place)]));
  return hanging.map(({ test }) => describeLimit(test.limit)).sort().join("\n");
}

/** Some 60 walks; beyond, each limit that tells ways apart counts. */
const MOST_LIMITS = 6;

/** By the number whose bits are the limits' answers. */
function fatesByAnswers(limits: readonly MetLimit[], walk: (scenario: Scenario) => Walk): readonly Fate[] {
  return Array.from({ length: 1 << limits.length }, (_, answers) => fateOf(walk((test) => limits.some((limit, place) => limit.test === test && (answers & (1 << place)) !== 0))));
}

/** As far as it holds for the packet, however it was written. */
export function describeLimit({ measure, amount, unit, perSeconds, burst, keys, sourcePrefix }: Limit): string {
  return JSON.stringify([measure, amount, unit, perSeconds, burst, [...keys].sort(), sourcePrefix]);
}
