/** Mounts, ports and devices in their long form, each value at the place of the short text that it comes from. */
import { faultAt } from "../fault.ts";
import { describeKind, type Entry, listNode, mapNode, type MapNode, type Node, type Scalar, scalarNode, type ScalarNode } from "../node.ts";
import { normalizePath } from "../../facts/host-path.ts";
import { parsePorts } from "./port-syntax.ts";
import { parseVolume } from "./volume-syntax.ts";

type Fields = Readonly<Record<string, Scalar | Node | undefined>>;

export function canonicalVolume(node: Node): Node {
  if (node.kind === "map") return node;
  if (!isText(node)) throw faultAt(node.at, `a volume is a text or a map, not ${describeKind(node)}`);
  const volume = parseVolume(node.value);
  if ("refused" in volume) {
    if (node.unknown === undefined) throw faultAt(node.at, volume.refused);
    return unfold(node, { type: unknownPart(node), source: unknownPart(node), target: unknownPart(node) });
  }
  const { type, source, target, readOnly } = volume;
  const bind = type === "bind" || volume.bindOptions;
  return unfold(node, {
    // Whether it is a folder of the host shows only in the source's first letter.
    type: type === "volume" && isOpen(node, source) ? unknownPart(node) : type,
    source: source === "" ? undefined : part(node, source),
    target: part(node, normalizePath(target)),
    read_only: readOnly ? true : undefined,
    bind: bind
      ? unfold(node, { selinux: volume.selinux ?? undefined, propagation: volume.propagation ?? undefined, create_host_path: type === "bind" ? true : undefined })
      : undefined,
    volume: volume.noCopy ? unfold(node, { nocopy: true }) : type === "volume" ? unfold(node, {}) : undefined,
  });
}

export function canonicalDevice(node: Node): Node {
  if (node.kind === "map") return node;
  if (!isText(node)) throw faultAt(node.at, `a device is a text or a map, not ${describeKind(node)}`);
  const [source = "", target = "", permissions = "rwm", ...rest] = node.value.split(/:(?![^{}]*\})/);
  if (rest.length > 0 && node.unknown === undefined) throw faultAt(node.at, `${JSON.stringify(node.value)} has too many colons: use the long form`);
  return unfold(node, { source: part(node, source), target: part(node, target === "" ? source : target), permissions: part(node, permissions) });
}

/** What is counted over a whole model. */
export interface Work {
  ports: number;
}

/** A range in each line of a short file would be millions. */
const MAX_PORTS = 200_000;

export function canonicalPorts(node: Node, work: Work): Node {
  if (node.kind !== "list") throw faultAt(node.at, `ports are a list, not ${describeKind(node)}`);
  const items = node.items.flatMap((item) => {
    const ports = canonicalPort(item);
    work.ports += ports.length;
    if (work.ports > MAX_PORTS) throw faultAt(item.at, `the services publish more than ${MAX_PORTS} ports`);
    return ports;
  });
  return { ...node, items };
}

function canonicalPort(node: Node): readonly Node[] {
  if (node.kind === "map") return [node];
  if (node.kind === "list" || node.value === null || typeof node.value === "boolean" || node.float === true) {
    throw faultAt(node.at, `a port is a number, a text or a map, not ${node.kind === "scalar" && node.float === true ? "a fraction" : describeKind(node)}`);
  }
  if (node.unknown !== undefined && typeof node.value === "string") return [unknownPort(node, node.value)];
  const ports = parsePorts(String(node.value));
  if ("refused" in ports) throw faultAt(node.at, ports.refused);
  return ports.map(({ hostIp, published, target, protocol }) =>
    unfold(node, { mode: "ingress", host_ip: hostIp ?? undefined, target, published: published ?? undefined, protocol }),
  );
}

/** What can be told of a port that a variable decides. The variable may hold an address too, unless one stands before it. */
function unknownPort(node: ScalarNode, text: string): Node {
  const parts = text.split(/:(?![^{}]*\})/);
  const [container = "", host] = [parts.pop(), parts.pop()];
  const [target = "", protocol = "tcp"] = container.split(/\/(?![^{}]*\})/);
  const address = parts.length > 0 ? part(node, parts.join(":")) : isOpen(node, host ?? container) ? unknownPart(node) : undefined;
  return unfold(node, {
    mode: "ingress",
    host_ip: address,
    target: /^[0-9]+$/.test(target) ? Number(target) : unknownPart(node),
    published: host === undefined ? (isOpen(node, container) ? unknownPart(node) : undefined) : part(node, host),
    protocol: part(node, protocol),
  });
}

function isText(node: Node): node is ScalarNode & { value: string } {
  return node.kind === "scalar" && typeof node.value === "string";
}

/** Whether a piece of a text holds a variable without a value. */
function isOpen(node: ScalarNode, piece: string): boolean {
  return node.unknown !== undefined && piece.includes("$");
}

function part(node: ScalarNode, piece: string): Node {
  return isOpen(node, piece) ? { ...scalarNode(piece, node.at), unknown: node.unknown ?? [] } : scalarNode(piece, node.at);
}

function unknownPart(node: ScalarNode): Node {
  return { ...scalarNode(node.value, node.at), unknown: node.unknown ?? [] };
}

/** A map that a short form stands for. */
export function unfold(node: Node, fields: Fields): MapNode {
  const entries = new Map<string, Entry>();
  for (const [key, field] of Object.entries(fields)) {
    if (field === undefined) continue;
    entries.set(key, { key: node.at, value: typeof field === "object" && field !== null ? field : scalarNode(field, node.at) });
  }
  const map = mapNode(entries, node.at);
  return node.related === undefined ? map : { ...map, related: node.related };
}

export function unfoldList(node: Node, items: readonly Node[]): Node {
  return node.related === undefined ? listNode(items, node.at) : { ...listNode(items, node.at), related: node.related };
}
