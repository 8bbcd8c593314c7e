/** Which networks and containers the drawing of the topology shows, and in which order. */
import type { Severity } from "../../policy/model/policy.ts";
import type { Reach, Reachability, ReachState, Report, Topology } from "../../policy/model/report.ts";
import { listOpen } from "../open.ts";
import { indexRows, keyOf, ORDER, sayPorts, worstOf } from "./reach.ts";

/** A network as a card. */
export interface Card {
  readonly title: string;
  readonly subtitle: string;
  /** What its containers get to. */
  readonly notes: readonly { readonly label: string; readonly state: ReachState }[];
  /** What other machines get to without a published port; null where that is nothing. */
  readonly straight: { readonly state: ReachState; readonly label: string } | null;
  readonly lines: readonly Line[];
  /** Containers that are not shown. */
  readonly more: number;
}

/** A container with one of its ports; further ports have lines of their own. */
export interface Line {
  readonly label: string;
  /** What there is to say of it in a word. */
  readonly faint: string | null;
  readonly worst: { readonly severity: Severity; readonly count: number } | null;
  readonly port: PortMark | null;
  /** In place of a port: how many more there are. */
  readonly morePorts: number;
  readonly isFirst: boolean;
}

export interface PortMark {
  readonly label: string;
  readonly state: ReachState;
  readonly title: string;
}

const MOST_CARDS = 16;
/** On one card, and on all together; a card has some in any case. */
const MOST_CONTAINERS = 12;
const MOST_IN_ALL = 72;
const FEWEST = 3;
const MOST_PORTS = 6;

export function layOut(topology: Topology, reachability: Reachability | null, results: Report["results"]): { readonly cards: readonly Card[]; readonly omitted: number } {
  const rows = reachability === null ? new Map<string, readonly Reach[]>() : indexRows(reachability);
  const ports = Map.groupBy(topology.ports, ({ container }) => container);
  const worst = findWorst(results);
  const seen = new Set<string>();
  const used = topology.networks.filter(({ containers }) => containers.length > 0);
  const weight = ({ containers }: Topology["networks"][number]): number => containers.reduce((sum, id) => sum + (ports.get(id)?.length ?? 0), 0);
  const sorted = [...used].sort((a, b) => Number(isApart(a)) - Number(isApart(b)) || weight(b) - weight(a));
  const byId = new Map(topology.containers.map((container) => [container.id, container]));
  const drawn = sorted.slice(0, MOST_CARDS);
  const most = Math.min(MOST_CONTAINERS, Math.max(FEWEST, Math.floor(MOST_IN_ALL / Math.max(1, drawn.length))));
  const cards = drawn.map((network): Card => {
    const containers = [...network.containers].sort((a, b) => (ports.get(b)?.length ?? 0) - (ports.get(a)?.length ?? 0));
    const lines = containers.slice(0, most).flatMap((id): Line[] => {
      const isAgain = seen.has(id);
      seen.add(id);
      const running = byId.get(id)?.running !== false;
      const marks = isAgain || !running ? [] : markPorts(ports.get(id) ?? [], rows);
      const shown: (PortMark | null)[] = marks.length === 0 || marks.length > MOST_PORTS ? [...marks.slice(0, MOST_PORTS), null] : marks;
      const faint = !running ? "stopped" : isAgain ? "as above" : null;
      return shown.map((port, index) =>
        ({ label: id, faint, worst: index === 0 && !isAgain ? (worst.get(id) ?? null) : null, port, morePorts: port === null ? Math.max(0, marks.length - MOST_PORTS) : 0, isFirst: index === 0 }));
    });
    return { title: network.name, subtitle: describeNetwork(network), ...describeWays(network, rows), lines, more: Math.max(0, containers.length - most) };
  });
  return { cards, omitted: Math.max(0, sorted.length - MOST_CARDS) };
}

/** The host's own network and none come last. */
function isApart({ driver }: Topology["networks"][number]): boolean {
  return driver === "host" || driver === "null";
}

function describeNetwork({ driver, internal }: Topology["networks"][number]): string {
  if (driver === "host") return "the host's own addresses, no isolation";
  return driver === "null" ? "no network" : internal ? `${driver}, internal` : driver;
}

function describeWays({ name, driver }: Topology["networks"][number], rows: ReadonlyMap<string, readonly Reach[]>): Pick<Card, "notes" | "straight"> {
  const network = { kind: "network" as const, name };
  const targets = [["to each other", network], ["to the host", { kind: "host" as const }], ["to outside", { kind: "outside" as const }]] as const;
  const notes = targets.flatMap(([label, to]) => {
    const state = worstOf(rows.get(keyOf(network, to)) ?? []);
    return state === null ? [] : [{ label, state }];
  });
  const found = rows.get(keyOf({ kind: "outside" }, driver === "host" ? { kind: "host" } : network)) ?? [];
  const state = worstOf(found);
  if (state === null || state === "closed") return { notes, straight: null };
  const ports = sayPorts(found.find((row) => row.state === state)?.ports ?? []);
  return { notes, straight: { state, label: ports === "" ? state : `${state}: ${ports}` } };
}

/** IPv4 and IPv6 bindings of one port that fare alike are one mark. The most open ones come first where not all are shown. */
function markPorts(ports: Topology["ports"], rows: ReadonlyMap<string, readonly Reach[]>): PortMark[] {
  const marks = ports.map((port) => {
    const [row] = rows.get(keyOf({ kind: "outside" }, { kind: "port", name: port.id })) ?? [];
    const address = port.hostIp === "0.0.0.0" || port.hostIp === "::" || port.hostIp === "" ? "" : `${port.hostIp.includes(":") ? `[${port.hostIp}]` : port.hostIp}:`;
    const label = `${address}${port.hostPort === null ? "?" : String(port.hostPort)}${port.protocol === "tcp" ? "" : `/${port.protocol}`}${port.hostPort === port.containerPort ? "" : ` → ${String(port.containerPort)}`}`;
    return { port, label, state: row?.state ?? "unknown", why: row?.why ?? "not asked" };
  });
  const joined = [...Map.groupBy(marks, ({ label, state }) => `${label} ${state}`).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    return [{ label: first.label, state: first.state, title: [first, ...others].map(({ port, state, why }) => `${port.id}: ${state} (${why})`).join("; ") }];
  });
  return joined.length > MOST_PORTS ? joined.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)) : joined;
}

function findWorst(results: Report["results"]): Map<string, { severity: Severity; count: number }> {
  const found = new Map<string, { severity: Severity; count: number }>();
  for (const { status, severity, resource } of listOpen({ results })) {
    if (status !== "fail" || resource.kind !== "container" || resource.id === null) continue;
    const known = found.get(resource.id);
    if (known === undefined) found.set(resource.id, { severity, count: 1 });
    else if (known.severity === severity) known.count++;
  }
  return found;
}
