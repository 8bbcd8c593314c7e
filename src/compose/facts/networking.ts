/** Networks, published ports and name resolution of a service. */
import { addressScope, splitHostEntry } from "../../facts/addresses.ts";
import type { AttachedNetwork, Container, PublishedPort } from "../../facts/model/container.ts";
import { comparePorts, EVERY_INTERFACE, publishPort } from "../../facts/published-port.ts";
import { pointer } from "../../facts/resource.ts";
import { child, type MapNode, type Node, printScalar, unknownsOf } from "../node.ts";
import { booleanAt, entriesAt, listAt, numberAt, scalarAt, textAt } from "../values/read.ts";
import { describeVariables, type FactRecord, note, noteNode, noteUnknown, place, placeNode } from "./record.ts";

type Networking = Pick<Container, "networks" | "onDefaultBridge" | "ports" | "dns" | "extraHosts">;

export function readNetworking(record: FactRecord, model: MapNode): Networking {
  const mode = child(record.spec, "network_mode");
  for (const fact of ["onDefaultBridge", "networks"]) {
    place(record, [fact], ["network_mode"], ["networks"]);
    noteUnknown(record, `/${fact}`, mode);
  }
  place(record, ["ports"], ["ports"]);
  note(record, ["dns"], ["dns"]);
  place(record, ["extraHosts"], ["extra_hosts"]);
  const networks = listNetworks(record, model);
  return {
    networks,
    onDefaultBridge: networks.some((network) => network.defaultBridge),
    ports: listPorts(record, model),
    dns: listTexts(record, "dns").map(({ text }) => ({ key: text, address: text, scope: addressScope(text) })),
    extraHosts: listHosts(record),
  };
}

function listNetworks(record: FactRecord, model: MapNode): AttachedNetwork[] {
  const mode = textAt(record.spec, "network_mode") ?? "";
  if (mode === "bridge" || mode === "default") return [attach("bridge", { defaultBridge: true })];
  if (mode !== "" && (mode === "host" || mode === "none" || /^(service|container):/.test(mode))) return [];
  if (mode !== "") return [attach(mode, { driver: null })];
  const attached = entriesAt(record.spec, "networks").map(([key]) => describeNetwork(key, child(child(model, "networks"), key)));
  attached.sort((a, b) => (a.network.name < b.network.name ? -1 : 1));
  attached.forEach(({ key, network, external }, index) => {
    place(record, ["networks", index], ["networks", key], ["networks"]);
    if (external) record.unknown[`/networks/${index}/internal`] = `the network ${network.name} is external: its settings are not here`;
  });
  return attached.map(({ network }) => network);
}

function describeNetwork(key: string, declared: Node | undefined): { key: string; network: AttachedNetwork; external: boolean } {
  const name = textAt(declared, "name") ?? key;
  const external = booleanAt(declared, "external") === true;
  if (external) return { key, external, network: attach(name, { driver: null, defaultBridge: name === "bridge" }) };
  return { key, external, network: attach(name, { driver: textAt(declared, "driver") ?? "bridge", internal: booleanAt(declared, "internal") ?? false }) };
}

function attach(name: string, settings: Partial<AttachedNetwork>): AttachedNetwork {
  return { key: name, name, driver: "bridge", defaultBridge: false, internal: false, address4: null, address6: null, ...settings };
}

interface Placed {
  readonly port: PublishedPort;
  readonly node: Node;
  /** Parts of it that hang on variables. */
  readonly open: Readonly<Record<string, readonly string[]>>;
}

/** Nothing is published in the host's network or in another's. */
function listPorts(record: FactRecord, model: MapNode): PublishedPort[] {
  const mode = textAt(record.spec, "network_mode") ?? "";
  if (mode === "host" || mode === "none" || /^(service|container):/.test(mode)) return [];
  const defaults = defaultAddresses(record.spec, model);
  const ports = listAt(record.spec, "ports").flatMap((node) => readPort(node, defaults));
  const distinct = [...new Map(ports.map((placed) => [placed.port.key, placed])).values()].sort((a, b) => comparePorts(a.port, b.port));
  distinct.forEach(({ node, open }, index) => {
    const at = pointer(["ports", index]);
    const address = child(node, "host_ip");
    placeNode(record, at, address ?? node, node, child(record.spec, "ports"));
    for (const [part, names] of Object.entries(open)) record.unknown[`${at}/${part}`] = describeVariables(names);
  });
  return distinct.map(({ port }) => port);
}

function readPort(node: Node, defaults: readonly string[]): Placed[] {
  const protocol = (textAt(node, "protocol") ?? "tcp").toLowerCase();
  const address = textAt(node, "host_ip") ?? "";
  const open = openParts(node);
  const hostPort = portNumber(scalarAt(node, "published"));
  const target = numberAt(node, "target") ?? 0;
  const addresses = open["hostIp"] !== undefined ? ["0.0.0.0"] : address === "" ? defaults : [address];
  return addresses.map((one) => ({ node, open, port: publishPort(target, protocol, one, hostPort) }));
}

const PARTS = { host_ip: ["hostIp", "scope"], published: ["hostPort"], target: ["containerPort"], protocol: ["protocol"] } as const;

function openParts(node: Node): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(PARTS).flatMap(([key, facts]) => {
      const names = unknownsOf(child(node, key));
      return names.length === 0 ? [] : facts.map((fact) => [fact, names] as const);
    }),
  );
}

/** A range, or nothing, leaves the choice to the engine. */
function portNumber(published: ReturnType<typeof scalarAt>): number | null {
  if (published === null || published.unknown !== undefined) return null;
  const text = printScalar(published);
  return /^[0-9]+$/.test(text) && text !== "0" ? Number(text) : null;
}

/** A network may bind its ports to one address (`com.docker.network.bridge.host_binding_ipv4`); the first by priority counts. */
function defaultAddresses(spec: MapNode, model: MapNode): readonly string[] {
  const priority = (use: Node): number => numberAt(use, "priority") ?? 0;
  const [first] = [...entriesAt(spec, "networks")].sort(([a, { value: x }], [b, { value: y }]) => priority(y) - priority(x) || (a < b ? -1 : 1));
  const options = first === undefined ? undefined : child(child(child(model, "networks"), first[0]), "driver_opts");
  const address = textAt(options, "com.docker.network.bridge.host_binding_ipv4") ?? "";
  return address === "" || address === "0.0.0.0" ? EVERY_INTERFACE : [address];
}

function listTexts(record: FactRecord, key: string): { text: string }[] {
  const single = textAt(record.spec, key);
  if (single !== null) return [{ text: single }];
  return listAt(record.spec, key).flatMap((item, index) => {
    if (item.kind !== "scalar") return [];
    noteNode(record, pointer([key, index]), item, child(record.spec, key));
    return [{ text: printScalar(item) }];
  });
}

/** Both forms: `host: address`, of which one may have several, and `host:address` texts. */
function listHosts(record: FactRecord): Container["extraHosts"] {
  const asList = listAt(record.spec, "extra_hosts").map((item) => [item, item.kind === "scalar" ? printScalar(item) : ""] as const);
  const asMap = entriesAt(record.spec, "extra_hosts").flatMap(([host, { value }]) =>
    (value.kind === "list" ? value.items : [value]).map((item) => [item, `${host}=${item.kind === "scalar" ? printScalar(item) : ""}`] as const),
  );
  const listed = [...asList, ...asMap].flatMap(([node, text]) => {
    const { host, address } = splitHostEntry(text);
    return address.split(",").map((one) => {
      const bare = splitHostEntry(`${host}=${one}`).address;
      return { node, entry: { key: `${host}:${one}`, host, address: bare, scope: addressScope(bare) } };
    });
  });
  listed.sort((a, b) => (a.entry.key < b.entry.key ? -1 : 1));
  listed.forEach(({ node }, index) => {
    noteNode(record, pointer(["extraHosts", index]), node, child(record.spec, "extra_hosts"));
  });
  return listed.map(({ entry }) => entry);
}
