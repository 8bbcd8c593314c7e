/** The table of who gets to what on a live host, as rules and routes have it. */
import { addressSet, formatAddress, groupAlike } from "../netfilter/index.ts";
import type { Snapshot } from "../snapshot/model.ts";
import { deriveContainers } from "./container.ts";
import { handsOn } from "./engine-place.ts";
import { askHostPorts } from "./exposure/host-ports.ts";
import { toAddress } from "./exposure/packets.ts";
import { deriveExposedPorts } from "./exposure/ports.ts";
import { type BridgeScene, type Scene, setScene } from "./exposure/scene.ts";
import type { Port } from "./model/port.ts";
import type { Reach, Reachability } from "./model/topology.ts";
import { type Answer, askWays, type Question, type Sender } from "./reachability/ask.ts";
import { type Budget, MOST_RULES, openBudget } from "./reachability/budget.ts";
import { judgePort } from "./reachability/port.ts";

/** Null where nothing can be asked: without rules, routes or networks. Containers that do not run reach nothing, and are left out. `mostRules`: that all questions together may meet. */
export function deriveReachability(snapshot: Snapshot, mostRules = MOST_RULES): Reachability | null {
  const scene = setScene(snapshot);
  if (typeof scene === "string") return null;
  const running = new Set(deriveContainers(snapshot).resources.filter((container) => container.running).map(({ id }) => id));
  const ports = deriveExposedPorts(snapshot).resources.filter((port) => running.has(port.container));
  const proxy = handsOn(snapshot);
  const budget = openBudget(scene.prepared.firewall, mostRules);
  const outsides = listOutsideSenders(scene);
  const bridges = scene.bridges.flatMap((bridge) => listBridgeSenders(scene, bridge));
  const findGroups = groupFinder(scene);
  const table = [
    ...ports.map((port) => judgePort(scene, port, proxy)),
    ...[...outsides, ...bridges].flatMap((sender) => askSender(scene, sender, budget)),
    ...bridges.flatMap((sender) => askPublished(scene, sender, ports, proxy, budget)),
    ...[...outsides, ...bridges].flatMap((sender) => scene.bridges.flatMap((bridge) => askNetwork(scene, sender, bridge, findGroups, budget))),
  ];
  return { table: joinInterfaces(table), omitted: budget.refused() };
}

/** Most open first; what is not known may be open. */
const OPENNESS = ["reachable", "limited", "unknown", "closed"] as const satisfies readonly Reach["state"][];

/** Of ways between the same places, by several interfaces, the most open one speaks for all. */
function joinInterfaces(rows: readonly Reach[]): Reach[] {
  const ways = Map.groupBy(rows, ({ from, to, family }) => JSON.stringify([from, to, family]));
  return [...ways.values()].flatMap((same) => {
    const best = OPENNESS.map((state) => same.find((one) => one.state === state)).find((one) => one !== undefined);
    return best === undefined ? [] : [{ ...best, ports: [...new Set([best, ...same].flatMap(({ ports }) => ports))] }];
  });
}

/** Other machines, on each interface that leads to some, by each of this host's addresses there. */
function listOutsideSenders({ outsides, machines }: Scene): Sender[] {
  return outsides.map(({ name, family, visitor }) => ({ from: { kind: "outside" as const }, family, in: name, sources: machines[family], source: visitor, groups: null }));
}

/** One for each family in which a container there has an address. */
function listBridgeSenders({ prepared, network }: Scene, bridge: BridgeScene): Sender[] {
  return ([4, 6] as const).flatMap((family) => {
    const addresses = listMembers(bridge, family);
    const [source] = addresses;
    const members = addresses.map(toAddress);
    return source === undefined ? [] : [{ from: { kind: "network" as const, name: bridge.name }, family, in: bridge.bridge, sources: addressSet(members), source, groups: groupAlike(prepared.firewall, network, members, "source") }];
  });
}

function listMembers({ members }: BridgeScene, family: 4 | 6): string[] {
  return members.flatMap(({ address4, address6 }) => (family === 4 ? address4 : address6) ?? []);
}

function row({ from, family }: Sender, to: Reach["to"], answer: Answer): Reach {
  return { from, to, family: family === 4 ? "v4" : "v6", ...answer };
}

/** To the host's own programs, and of a network to other machines. */
function askSender(scene: Scene, sender: Sender, budget: Budget): Reach[] {
  const { from, family } = sender;
  const outsides = scene.outsides.filter((one) => one.family === family);
  const bridge = from.kind === "outside" ? undefined : scene.bridges.find(({ name }) => name === from.name);
  const own = bridge === undefined ? outsides.find(({ name, visitor }) => name === sender.in && visitor === sender.source)?.own : bridge.gateways.find((address) => address.includes(":") === (family === 6));
  const toHost = own === undefined || !budget.take(1) ? [] : [row(sender, { kind: "host" }, askWays(scene, sender, [{ address: own, port: null }], ["host"], bridge === undefined ? undefined : askHostPorts(scene, bridge, family === 6)))];
  const leaves = bridge === undefined ? [] : outsides.flatMap(({ visitor }) => (budget.take(1) ? [row(sender, { kind: "outside" }, askWays(scene, sender, [{ address: visitor, port: null }], ["forward"]))] : []));
  return [...toHost, ...leaves];
}

/** From a network to ports that are published beyond loopback, at the host's address. */
function askPublished(scene: Scene, sender: Sender, ports: readonly Port[], proxy: boolean, budget: Budget): Reach[] {
  const outside = scene.outsides.find((one) => one.family === sender.family);
  const questions = ports.flatMap(({ family, protocol, hostIp, hostPort, loopback }): Question[] => {
    if (loopback || hostPort === null || protocol !== "tcp" || outside === undefined || (family === "v4") !== (sender.family === 4)) return [];
    const any = hostIp === "" || hostIp === "0.0.0.0" || hostIp === "::";
    return [{ address: any ? outside.own : hostIp, port: { number: hostPort, protocol } }];
  });
  if (questions.length === 0 || !budget.take(questions.length)) return [];
  return [row(sender, { kind: "published" }, askWays(scene, sender, questions, proxy ? ["forward", "host"] : ["forward"]))];
}

type GroupFinder = (bridge: BridgeScene, family: 4 | 6) => readonly string[];

/** Of a network's addresses one for each group that rules and routes treat alike, whoever sends. Every sender asks for the same ones. */
function groupFinder({ prepared, network }: Scene): GroupFinder {
  const known = new Map<BridgeScene, Map<4 | 6, readonly string[]>>();
  return (bridge, family) => {
    const ofBridge = known.get(bridge) ?? new Map<4 | 6, readonly string[]>();
    known.set(bridge, ofBridge);
    const groups = ofBridge.get(family) ?? groupAlike(prepared.firewall, network, listMembers(bridge, family).map(toAddress), "destination").map(({ first }) => formatAddress(first));
    ofBridge.set(family, groups);
    return groups;
  };
}

/** Straight to the containers of a network; within one to each other. */
function askNetwork(scene: Scene, sender: Sender, bridge: BridgeScene, findGroups: GroupFinder, budget: Budget): Reach[] {
  const isOwn = sender.from.kind === "network" && sender.from.name === bridge.name;
  if (listMembers(bridge, sender.family).length < (isOwn ? 2 : 1)) return [];
  if (!budget.take(1, () => findGroups(bridge, sender.family).length)) return [];
  const questions = findGroups(bridge, sender.family).map((address): Question => ({ address, port: null }));
  return [row(sender, { kind: "network", name: bridge.name }, askWays(scene, sender, questions, [bridge]))];
}
