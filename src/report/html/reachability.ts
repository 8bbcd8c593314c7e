/** The reachability table of the HTML report: from each place to each other, and every way with the rule that decides. */
import type { Reach, Reachability, Topology } from "../../policy/model/report.ts";
import { plainText } from "../words.ts";
import { element, type Markup, paragraph, span, table } from "./markup.ts";
import { indexRows, keyOf, namePlace, renderState, sayPorts, worstOf } from "./reach.ts";

const MOST_NETWORKS = 24;
const MOST_WAYS = 2000;

/** `suffix` and `title` tell the hosts of one page apart. */
export function renderReachability({ networks, ports }: Topology, reachability: Reachability, suffix: string, title: string): Markup {
  const names = [...new Set(reachability.table.flatMap(({ from, to }) => [from, to]).flatMap((place) => (place.kind === "network" ? [place.name] : [])))];
  const shown = networks.filter(({ name }) => names.includes(name)).slice(0, MOST_NETWORKS).map(({ name }) => ({ kind: "network" as const, name }));
  const senders: Reach["from"][] = [{ kind: "outside" }, ...shown];
  const targets: Reach["to"][] = [{ kind: "host" }, ...(ports.length > 0 ? [{ kind: "published" as const }] : []), ...shown, { kind: "outside" }];
  const rows = indexRows(reachability);
  const missing = names.length - shown.length;
  return element("section", { id: `reachability${suffix}`, class: "reachability", "aria-labelledby": `reachability-title${suffix}` },
    element("h2", { id: `reachability-title${suffix}` }, `Who gets to what${title}`),
    paragraph("quiet", "As rules and routes of the host have it, over TCP. A network stands for the containers that run on it: whether any of them gets there, and whether any of them can be got to straight at its own address. Whether anything listens there is not asked. A dash stands where no question was put."),
    table("Reachability, from (rows) to (columns)", ["from ↓ to →", ...targets.map(namePlace)], senders.map((from) => [namePlace(from), ...targets.map((to) => renderCell(from, to, rows))]), "matrix"),
    missing > 0 ? paragraph("quiet", `${String(missing)} more networks are in the list below alone.`) : null,
    reachability.omitted > 0 ? paragraph("quiet", `${String(reachability.omitted)} ways were not asked for: there are too many of them. harden trace answers for one.`) : null,
    renderWays(reachability.table));
}

function renderCell(from: Reach["from"], to: Reach["to"], rows: ReadonlyMap<string, readonly Reach[]>): Markup {
  const found = to.kind === "published" && from.kind === "outside" ? [...rows.values()].flat().filter((row) => row.to.kind === "port") : (rows.get(keyOf(from, to)) ?? []);
  const state = worstOf(found);
  if (state === null) return NOT_ASKED;
  const byFamily = Map.groupBy(found, ({ family }) => family);
  const parts = [...byFamily].map(([family, list]) => ({ family: family === "v4" ? "IPv4" : "IPv6", state: worstOf(list) ?? state, ports: sayPorts([...new Set(list.flatMap(({ ports }) => ports))].sort((a, b) => parseInt(a, 10) - parseInt(b, 10))) }));
  const [first] = parts;
  if (first === undefined) return NOT_ASKED;
  const isSame = parts.every((part) => part.state === first.state && part.ports === first.ports);
  if (isSame) return element("span", {}, renderState(state), span("ports", first.ports));
  return element("span", {}, parts.map((part) => element("span", { class: "family" }, span("tag", part.family), renderState(part.state), span("ports", part.ports))));
}

/** No answer, neither that it is open nor that it is closed. */
const NOT_ASKED = element("span", {}, element("span", { class: "quiet", "aria-hidden": "true" }, "–"), span("unseen", "not asked"));

function renderWays(ways: readonly Reach[]): Markup {
  const rows = ways.slice(0, MOST_WAYS).map(({ from, to, family, state, ports, sources, why }) =>
    [namePlace(from), namePlace(to), family === "v4" ? "IPv4" : "IPv6", renderState(state), sayPorts(ports), sources.map((source) => plainText(source, 120)).slice(0, 4).join(", "), element("code", {}, plainText(why, 400))]);
  return element("details", { class: "ways" },
    element("summary", {}, element("h3", {}, "Every way, and the rule that decides"), span("amount", ways.length)),
    table("Every way, and the rule that decides", ["From", "To", "Family", "State", "Ports", "Sources", "Rule or reason"], rows),
    ways.length > MOST_WAYS ? paragraph("quiet", `… and ${String(ways.length - MOST_WAYS)} more, which the JSON report has.`) : null);
}
