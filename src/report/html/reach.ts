/** Ways of the reachability table in words and signs. */
import type { Reach, ReachState, Reachability } from "../../policy/model/report.ts";
import { type Markup, span } from "./markup.ts";

/** Most open first; what is not known is worse than what is closed. */
export const ORDER = ["reachable", "limited", "unknown", "closed"] as const satisfies readonly ReachState[];

/** Told by their shape as well as by their colour. */
export const SIGNS: Readonly<Record<ReachState, string>> = { reachable: "●", limited: "◐", closed: "○", unknown: "?" };

export function worstOf(rows: readonly Pick<Reach, "state">[]): ReachState | null {
  return ORDER.find((state) => rows.some((row) => row.state === state)) ?? null;
}

/** The key by which rows from one place to another are found: `outside > network shop`. */
export function keyOf(from: Reach["from"], to: Reach["to"]): string {
  return `${placeKey(from)} > ${placeKey(to)}`;
}

function placeKey(place: Reach["to"]): string {
  return "name" in place ? `${place.kind} ${place.name}` : place.kind;
}

export function indexRows({ table }: Reachability): ReadonlyMap<string, readonly Reach[]> {
  return Map.groupBy(table, ({ from, to }) => keyOf(from, to));
}

export function namePlace(place: Reach["to"]): string {
  if ("name" in place) return place.name;
  return { outside: "other machines", host: "programs of the host", published: "published ports" }[place.kind];
}

const PORTS = 65_535;
const SHOWN = 3;

/** `all ports`, `all ports but 80, 443`, `80, 443, 5432 and 12 more`. */
export function sayPorts(ranges: readonly string[]): string {
  const spans = ranges.map((range): Span => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return [from, to];
  });
  const count = spans.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (!(count > PORTS / 2)) return listFirst(ranges);
  const others = listOthers(spans);
  return others.length === 0 ? "all ports" : `all ports but ${listFirst(others.map(([from, to]) => (from === to ? String(from) : `${String(from)}-${String(to)}`)))}`;
}

/** First and last port. */
type Span = readonly [number, number];

function listOthers(spans: readonly Span[]): Span[] {
  let next = 1;
  const others: Span[] = [];
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    if (from > next) others.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  return next > PORTS ? others : [...others, [next, PORTS]];
}

function listFirst(names: readonly string[]): string {
  return names.length <= SHOWN ? names.join(", ") : `${names.slice(0, SHOWN).join(", ")} and ${String(names.length - SHOWN)} more`;
}

export function renderState(state: ReachState): Markup {
  return span(`state ${state}`, span("sign", SIGNS[state]), state);
}
