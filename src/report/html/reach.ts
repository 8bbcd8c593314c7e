/** Ways of the reachability table in words and signs. */
import type { Reach, ReachState, Reachability } from "../../policy/model/report.ts";
import { type Markup, span } from "./markup.ts";

/** Most open first; what is not known is worse than what is closed. */
const ORDER = ["reachable", "limited", "unknown", "closed"] as const satisfies readonly ReachState[];

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

/** `all ports`, `all ports but 3`, `80, 443`, `80, 443, 5432 and 12 more`. */
export function sayPorts(ranges: readonly string[]): string {
  const count = ranges.reduce((sum, range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return sum + to - from + 1;
  }, 0);
  if (count === PORTS) return "all ports";
  if (count > PORTS / 2) return `all ports but ${String(PORTS - count)}`;
  return ranges.length <= SHOWN ? ranges.join(", ") : `${ranges.slice(0, SHOWN).join(", ")} and ${String(ranges.length - SHOWN)} more`;
}

export function renderState(state: ReachState): Markup {
  return span(`state ${state}`, span("sign", SIGNS[state]), state);
}
