/** Published ports with what rules and routes make of them. */
import { uniteAll } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { deriveContainers } from "../container.ts";
import { explainElsewhere, handsOn } from "../engine-place.ts";
import type { Port } from "../model/port.ts";
import type { Part } from "../part.ts";
import { derivePorts } from "../port.ts";
import type { Derived, Place } from "../resource.ts";
import { type Tell, TELL_NOBODY } from "../tell.ts";
import { decidingRule, placeOfRule } from "./evidence.ts";
import { findInputOnly } from "./input-only.ts";
import { isProtocol } from "./packets.ts";
import { setScene, type Scene } from "./scene.ts";
import type { Exposure } from "./unasked.ts";
import { askBound, askReach, askScan, listSources, sayPacket, saySources, SCANS, type Bound, type Reach } from "./visits.ts";
import { listWays, type Way } from "./ways.ts";

const derived = new WeakMap<Snapshot, Derived<Port>>();

/** As `derivePorts`. Of a container that does not run nothing is asked: its addresses and rules come with its start. */
export function deriveExposedPorts(snapshot: Snapshot, tell: Tell = TELL_NOBODY): Derived<Port> {
  const known = derived.get(snapshot) ?? deriveAll(snapshot, tell);
  derived.set(snapshot, known);
  return known;
}

function deriveAll(snapshot: Snapshot, tell: Tell): Derived<Port> {
  const { resources, source } = derivePorts(snapshot);
  if (resources.length === 0) return { resources, source };
  const scene = explainElsewhere(snapshot) ?? setScene(snapshot, tell);
  const proxy = handsOn(snapshot);
  const running = new Set(deriveContainers(snapshot).resources.filter((container) => container.running).map(({ id }) => id));
  const asked = resources.map((port, index) => {
    tell("port", index, resources.length);
    return running.has(port.container) ? expose(port, scene, proxy) : withReason(port, "its container does not run");
  });
  return { resources: compareFamilies(asked), source };
}

const POINTERS = ["reachable", "reachableFromAny", "unlimitedFrom", "synRate", "synBurst", "synShared", "unboundedFrom", "connectionLimit", "answersNullScan", "answersXmasScan", "inputOnly", "closedOnIpv4"] as const;

function withReason(port: Port, reason: string): Port {
  return { ...port, unknown: { ...port.unknown, ...Object.fromEntries(POINTERS.map((key) => [`/${key}`, reason])) } };
}

function expose(port: Port, scene: Scene | string, proxy: boolean): Port {
  if (typeof scene === "string") return withReason(port, scene);
  if (!isProtocol(port.protocol)) return withReason(port, `packets of ${port.protocol} are not followed`);
  const ways = listWays(scene, port);
  const family = port.family === "v4" ? 4 : 6;
  const parts = [judgeReach(scene, ways, family, proxy), ...(port.protocol === "tcp" ? [judgeFlood(scene, ways, family, proxy), judgeConnections(scene, ways, family, proxy), judgeScans(scene, ways)] : [])];
  const inputOnly = findInputOnly(scene, ways, proxy);
  return {
    ...port,
    ...Object.assign({}, ...parts.map(({ value }) => value)) as Partial<Exposure>,
    inputOnly: inputOnly.map(({ key, rule }) => ({ key, rule })),
    origins: { ...port.origins, ...Object.assign({}, ...parts.map(({ origins }) => origins)) as Record<string, Place>, ...Object.fromEntries(inputOnly.map(({ place }, index) => [`/inputOnly/${index}`, place])) },
    unknown: { ...port.unknown, ...Object.assign({}, ...parts.map(({ unknown }) => unknown)) as Record<string, string> },
  };
}

/** What is found on one way is known, whatever is not on another. */
function judgeReach(scene: Scene, ways: readonly Way[], family: 4 | 6, proxy: boolean): Part<Partial<Exposure>> {
  const reaches = ways.map((way) => askReach(scene, way, proxy));
  const best: Reach | undefined = reaches.find(({ any }) => any) ?? reaches.find(({ example }) => example !== null);
  const unknown = reaches.find((reach) => reach.unknown !== null)?.unknown ?? null;
  const any = best?.any === true;
  const rule = best?.example == null ? null : decidingRule(best.example.walk);
  return {
    value: {
      reachable: best !== undefined, reachableFromAny: any, reachableFrom: saySources(listSources(uniteAll(reaches.map(({ sources }) => sources)), ways, family)),
      witness: best?.example == null ? "" : sayPacket(best.example),
    },
    origins: rule === null ? {} : { "/reachable": placeOfRule(rule), "/reachableFromAny": placeOfRule(rule) },
    unknown: unknown === null ? {} : { ...(best === undefined ? { "/reachable": unknown } : {}), ...(any ? {} : { "/reachableFromAny": unknown }) },
  };
}

function judgeFlood(scene: Scene, ways: readonly Way[], family: 4 | 6, proxy: boolean): Part<Partial<Exposure>> {
  const { free, worst, shared, example, unknown } = joinBounds(ways.map((way) => askBound(scene, way, "rate", proxy)));
  const unlimitedFrom = listSources(free, ways, family);
  return {
    value: { unlimitedFrom, synRate: worst?.amount ?? null, synBurst: worst?.burst ?? null, synShared: shared, synWords: sayFlood(unlimitedFrom, worst, shared), synWitness: example ?? "" },
    unknown: unknown === null ? {} : { [`/unlimitedFrom/${unlimitedFrom.length}`]: unknown, "/synRate": unknown, "/synBurst": unknown, "/synShared": unknown },
  };
}

function sayFlood(unlimitedFrom: readonly string[], worst: Bound | undefined, shared: boolean): string {
  if (unlimitedFrom.length > 0) return `nothing limits connection attempts from ${saySources(unlimitedFrom)}`;
  if (worst === undefined) return "";
  const limit = `${String(worst.amount)} a second and ${String(worst.burst)} at once`;
  return shared ? `connection attempts of all sources together are limited to ${limit}, so that one sender shuts all others out` : `connection attempts of one source are limited to no less than ${limit}`;
}

function judgeConnections(scene: Scene, ways: readonly Way[], family: 4 | 6, proxy: boolean): Part<Partial<Exposure>> {
  const { free, worst, unknown } = joinBounds(ways.map((way) => askBound(scene, way, "connections", proxy)));
  const unboundedFrom = listSources(free, ways, family);
  return { value: { unboundedFrom, connectionLimit: worst?.amount ?? null }, unknown: unknown === null ? {} : { [`/unboundedFrom/${unboundedFrom.length}`]: unknown, "/connectionLimit": unknown } };
}

function joinBounds(bounds: readonly Bound[]): Pick<Bound, "free" | "shared" | "example" | "unknown"> & { readonly worst: Bound | undefined } {
  const limited = bounds.filter(({ amount }) => amount !== null).sort((a, b) => (b.amount ?? 0) - (a.amount ?? 0));
  const example = (bounds.find(({ free }) => free.length > 0) ?? limited[0])?.example ?? null;
  return { free: uniteAll(bounds.map(({ free }) => free)), worst: limited[0], shared: bounds.some(({ shared }) => shared), example, unknown: bounds.find((bound) => bound.unknown !== null)?.unknown ?? null };
}

function judgeScans(scene: Scene, ways: readonly Way[]): Part<Partial<Exposure>> {
  const ask = (flags: readonly number[]): boolean | string => {
    const answers = ways.map((way) => askScan(scene, way, flags));
    return answers.includes(true) || (answers.find((answer) => typeof answer === "string") ?? false);
  };
  const [none, xmas] = [ask(SCANS.null), ask(SCANS.xmas)];
  return {
    value: { answersNullScan: none === true, answersXmasScan: xmas === true },
    unknown: { ...(typeof none === "string" ? { "/answersNullScan": none } : {}), ...(typeof xmas === "string" ? { "/answersXmasScan": xmas } : {}) },
  };
}

/** An IPv6 binding beside the same port's IPv4 ones: open from everywhere where none of those is. */
function compareFamilies(ports: readonly Port[]): Port[] {
  return ports.map((port) => {
    if (port.family === "v4" || !port.reachableFromAny) return port;
    const others = ports.filter((other) => other.family === "v4" && other.container === port.container && other.containerPort === port.containerPort && other.protocol === port.protocol);
    const unknown = others.find((other) => other.unknown["/reachableFromAny"] !== undefined)?.unknown["/reachableFromAny"];
    if (others.length === 0) return port;
    return { ...port, closedOnIpv4: others.every((other) => !other.reachableFromAny), unknown: unknown === undefined ? port.unknown : { ...port.unknown, "/closedOnIpv4": unknown } };
  });
}
