/** The topology of a host as a drawing: other machines, the host, its networks, containers and published ports, and what of them is open. */
import type { Severity } from "../../policy/model/policy.ts";
import type { Reachability, ReachState, Report, Topology } from "../../policy/model/report.ts";
import { element, type Markup, paragraph, span } from "./markup.ts";
import { type Card, layOut, type Line, type PortMark } from "./layout.ts";
import { SIGNS } from "./reach.ts";

const WIDTH = 1080;
const OUTSIDE = 132;
const HOST = 316;
const PORT = 138;
const CARD = HOST + PORT + 26;
const ROW = 34;
const HEAD = 46;
const GAP = 18;
const TOP = 54;

/** One host of a page. */
export interface Drawn {
  readonly topology: Topology;
  readonly reachability: Reachability | null;
  readonly results: Report["results"];
  readonly name: string;
  /** They tell the hosts of one page apart: of ids, and of the heading. */
  readonly suffix: string;
  readonly title: string;
}

export function renderTopology({ topology, reachability, results, name, suffix, title }: Drawn): Markup {
  const { cards, omitted } = layOut(topology, reachability, results);
  const heights = cards.map(({ lines, more }) => HEAD + (lines.length + (more > 0 ? 1 : 0)) * ROW + 10);
  const height = TOP + heights.reduce((sum, one) => sum + one + GAP, 0) + 8;
  let y = TOP;
  const drawn = cards.map((card, index) => {
    const markup = drawCard(card, y, heights[index] ?? 0);
    y += (heights[index] ?? 0) + GAP;
    return markup;
  });
  return element("section", { id: `topology${suffix}`, "aria-labelledby": `topology-title${suffix}` },
    element("h2", { id: `topology-title${suffix}` }, `Topology${title}`),
    paragraph("legend", (["reachable", "limited", "closed", "unknown"] as const).map((state) => span(`state ${state}`, drawSample(state), LEGEND[state]))),
    element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `Drawing of the topology${title}` },
      element("svg", { viewBox: `0 0 ${String(WIDTH)} ${String(height)}`, width: WIDTH, height, class: "topology", role: "img", "aria-labelledby": `picture-title${suffix} picture-text${suffix}` },
        element("title", { id: `picture-title${suffix}` }, `Topology of ${name}`),
        element("desc", { id: `picture-text${suffix}` }, "Other machines on the left, the host with its networks and containers on the right, published ports between them. The table of who gets to what says the same."),
        box("outside", 1, 1, OUTSIDE, height - 2, 10), text("place", OUTSIDE / 2, 30, "Other machines", "middle"),
        drawOutsides(topology.outsides),
        box("host", HOST, 1, WIDTH - HOST - 1, height - 2, 10), text("place", HOST + 18, 30, cut(name, 60), "start"),
        drawn)),
    omitted > 0 ? paragraph("quiet", `${String(omitted)} more networks are not drawn.`) : null);
}

const MOST_OUTSIDES = 4;

function drawOutsides(outsides: Topology["outsides"]): Markup[] {
  const names = outsides.map(({ interface: name, address }) => `${name} ${address}`);
  const more = names.length - MOST_OUTSIDES;
  return [...names.slice(0, MOST_OUTSIDES), ...(more > 0 ? [`and ${String(more)} more`] : [])].map((name, index) => text("faint", OUTSIDE / 2, 52 + index * 17, cut(name, 20), "middle", name));
}

const LEGEND: Readonly<Record<ReachState, string>> = { reachable: "reachable", limited: "limited, by source or rate", closed: "closed", unknown: "unknown" };

function drawSample(state: ReachState): Markup {
  return element("svg", { width: 44, height: 14, viewBox: "0 0 44 14", "aria-hidden": "true", class: "sample" }, drawEdge(state, 2, 42, 7));
}

function drawCard({ title, subtitle, notes, straight, lines, more }: Card, y: number, height: number): Markup {
  return element("g", {},
    box("card", CARD, y, WIDTH - CARD - 18, height, 8),
    straight === null ? null : [drawEdge(straight.state, OUTSIDE, CARD, y + 22), text(`edge ${straight.state}`, OUTSIDE + 12, y + 15, straight.label, "start")],
    text("name", CARD + 14, y + 28, cut(title, 22), "start", title),
    text("faint", CARD + 14 + Math.min(title.length, 22) * 9 + 10, y + 28, subtitle, "start"),
    notes.map(({ label, state }, index) => element("g", {}, text(`edge ${state}`, WIDTH - 32 - (notes.length - 1 - index) * 118, y + 28, `${SIGNS[state]} ${label}`, "end", `${label}: ${state}`))),
    lines.map((line, index) => drawLine(line, y + HEAD + index * ROW)),
    more > 0 ? text("faint", CARD + 14, y + HEAD + lines.length * ROW + 21, `and ${String(more)} more containers`, "start") : null);
}

function drawLine({ label, faint, worst, port, morePorts, isFirst }: Line, y: number): Markup {
  const middle = y + ROW / 2;
  return element("g", {},
    isFirst ? [
      element("line", { class: "rule", x1: CARD + 14, x2: WIDTH - 32, y1: y, y2: y }),
      text(faint === null ? "container" : "container faint", CARD + 14, middle + 5, cut(label, 44), "start", label),
      faint === null ? null : text("faint", CARD + 22 + Math.min(label.length, 44) * 8.2, middle + 5, faint, "start"),
      worst === null ? null : drawWorst(worst, middle),
    ] : null,
    port === null ? null : drawPort(port, middle),
    morePorts === 0 ? null : text("faint", HOST - 22 + PORT / 2, middle + 5, `and ${String(morePorts)} more ports`, "middle"));
}

function drawWorst({ severity, count }: { readonly severity: Severity; readonly count: number }, y: number): Markup {
  return element("g", { class: `worst ${severity}` }, element("rect", { x: WIDTH - 136, y: y - 11, width: 104, height: 22, rx: 11 }), text("", WIDTH - 84, y + 4.5, `${String(count)} ${severity}`, "middle"));
}

function drawPort({ label, state, title }: PortMark, y: number): Markup {
  const x = HOST - 22;
  return element("g", {},
    element("title", {}, title),
    drawEdge(state, OUTSIDE, x, y),
    text(`edge ${state}`, OUTSIDE + 12, y - 6, state, "start"),
    element("rect", { class: `port ${state}`, x, y: y - 12, width: PORT, height: 24, rx: 12 }),
    text("number", x + PORT / 2, y + 4.5, cut(label, 17), "middle"),
    element("line", { class: "inner", x1: x + PORT, x2: CARD, y1: y, y2: y }));
}

/** Reachable: a thick line with a head. Limited: dashes with a head. Closed: dots that end at a bar. Unknown: long dashes that end open. */
function drawEdge(state: ReachState, from: number, to: number, y: number): Markup {
  const end = state === "closed" ? to - 14 : state === "unknown" ? to - 10 : to - 7;
  const head = state === "reachable" || state === "limited" ? element("path", { class: `head ${state}`, d: `M${String(to - 9)} ${String(y - 5)}L${String(to)} ${String(y)}L${String(to - 9)} ${String(y + 5)}Z` }) : null;
  const bar = state === "closed" ? element("line", { class: "wire bar closed", x1: end, x2: end, y1: y - 6, y2: y + 6 }) : null;
  return element("g", {}, element("line", { class: `wire ${state}`, x1: from, x2: end, y1: y, y2: y }), head, bar);
}

function box(name: string, x: number, y: number, width: number, height: number, radius: number): Markup {
  return element("rect", { class: name, x, y, width, height, rx: radius });
}

function text(name: string, x: number, y: number, content: string, anchor: "start" | "middle" | "end", title: string | null = null): Markup {
  return element("text", { class: name === "" ? null : name, x: Math.round(x), y, "text-anchor": anchor }, title === null || title === content ? null : element("title", {}, title), content);
}

function cut(content: string, limit: number): string {
  return content.length > limit ? `${content.slice(0, limit - 1).toWellFormed()}…` : content;
}
