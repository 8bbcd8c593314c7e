/** Published ports of a service. */
import type { PublishedPort } from "../../facts/model/container.ts";
import { BIND_OPTION, bindAddresses, chooseGateway, comparePorts, publishPort } from "../../facts/published-port.ts";
import { pointer } from "../../facts/resource.ts";
import { child, type Node, printScalar, unknownsOf } from "../node.ts";
import { listAt, numberAt, scalarAt, textAt } from "../values/read.ts";
import { type Attachment, isOwnNetwork } from "./attachments.ts";
import { describeVariables, type FactRecord, placeNode } from "./record.ts";

interface Placed {
  readonly port: PublishedPort;
  readonly node: Node;
  /** Why parts of it are not known. */
  readonly open: Readonly<Record<string, string>>;
}

/** Nothing is published in the host's network or in another's, nor where all networks are internal: the engine takes the ports and does nothing. */
export function readPorts(record: FactRecord, attachments: readonly Attachment[]): PublishedPort[] {
  const given = listAt(record.spec, "ports");
  const nowhere = attachments.length > 0 && attachments.every(({ network, open }) => network.name === "host" || (network.internal && open === null));
  if (given.length === 0 || nowhere || isOwnNetwork(textAt(record.spec, "network_mode") ?? "")) return [];
  const byDefault = chooseAddresses(record, attachments);
  const ports = given.flatMap((node) => readPort(node, byDefault));
  const distinct = [...new Map(ports.map((placed) => [placed.port.key, placed])).values()].sort((a, b) => comparePorts(a.port, b.port));
  distinct.forEach(({ node, open }, index) => {
    const at = pointer(["ports", index]);
    placePort(record, at, node);
    for (const [part, reason] of Object.entries(open)) record.unknown[`${at}/${part}`] = reason;
  });
  return distinct.map(({ port }) => port);
}

/** Address and host port stand where they are set, or else where that is which they go with. */
function placePort(record: FactRecord, at: string, node: Node): void {
  const [address, published, target] = ["host_ip", "published", "target"].map((key) => child(node, key)).map((part) => (isSet(part) ? part : undefined));
  const parts = { "": address ?? published ?? target, "/hostPort": published ?? target, "/containerPort": target };
  for (const [part, found] of Object.entries(parts)) placeNode(record, at + part, found ?? node, node, child(record.spec, "ports"));
}

function isSet(node: Node | undefined): boolean {
  return node !== undefined && !(node.kind === "scalar" && (node.value === "" || node.value === null));
}

interface DefaultAddresses {
  readonly addresses: readonly string[];
  readonly unknown: string | undefined;
}

/** By the network that ports go through: of the default bridge the daemon says it, of others whoever makes them (moby, daemon/network.go). */
function chooseAddresses({ engine }: FactRecord, attachments: readonly Attachment[]): DefaultAddresses {
  const gateway = chooseGateway(attachments.map(({ network, ...rest }) => ({ ...rest, name: network.name, internal: network.internal, network })));
  if (gateway?.network.defaultBridge === true) return { addresses: bindAddresses(engine.defaultBind.value), unknown: engine.defaultBind.unknown };
  if (gateway?.declared === undefined) return { addresses: bindAddresses(undefined), unknown: undefined };
  const own = textAt(gateway.declared, "driver_opts", BIND_OPTION);
  if (own !== null) return { addresses: bindAddresses(own), unknown: undefined };
  const { value, unknown } = engine.networkOptions;
  return { addresses: bindAddresses(value[gateway.network.driver ?? ""]?.[BIND_OPTION]), unknown };
}

function readPort(node: Node, byDefault: DefaultAddresses): Placed[] {
  const protocol = (textAt(node, "protocol") ?? "tcp").toLowerCase();
  const address = textAt(node, "host_ip") ?? "";
  const hostPort = portNumber(scalarAt(node, "published"));
  const target = numberAt(node, "target") ?? 0;
  const open = openParts(node);
  if (open["hostIp"] !== undefined) return [{ node, open, port: publishPort(target, protocol, "0.0.0.0", hostPort) }];
  if (address !== "") return [{ node, open, port: publishPort(target, protocol, address, hostPort) }];
  const unsaid = byDefault.unknown === undefined ? {} : { hostIp: byDefault.unknown, scope: byDefault.unknown };
  return byDefault.addresses.map((one) => ({ node, open: { ...open, ...unsaid }, port: publishPort(target, protocol, one, hostPort) }));
}

const PARTS = { host_ip: ["hostIp", "scope"], published: ["hostPort"], target: ["containerPort"], protocol: ["protocol"] } as const;

function openParts(node: Node): Record<string, string> {
  return Object.fromEntries(
    Object.entries(PARTS).flatMap(([key, facts]) => {
      const names = unknownsOf(child(node, key));
      return names.length === 0 ? [] : facts.map((fact) => [fact, describeVariables(names)] as const);
    }),
  );
}

/** A range, or nothing, leaves the choice to the engine. */
function portNumber(published: ReturnType<typeof scalarAt>): number | null {
  if (published === null || published.unknown !== undefined) return null;
  const text = printScalar(published);
  return /^[0-9]+$/.test(text) && text !== "0" ? Number(text) : null;
}
