/** Networks of the engine with the containers that are attached to them, running or not. */
import type { ContainerAnswer, Snapshot } from "../snapshot/model.ts";
import { listContainerIds } from "./container-id.ts";
import { isDefaultBridge } from "./default-bridge.ts";
import type { Network } from "./model/network.ts";
import { networkOwnerFinder } from "./network-owner.ts";
import { publishesPorts } from "./publishes-ports.ts";
import { booleanAt, entriesAt, textAt, textMapAt } from "./raw.ts";
import type { Derived, Place } from "./resource.ts";

type Member = Network["members"][number];

export function deriveNetworks(snapshot: Snapshot): Derived<Network> {
  const { engine, networks, containers } = snapshot.sources;
  const source = engine.status === "ok" ? networks : engine;
  const all = networks.data ?? [];
  const members = listMembers(all, snapshot);
  const unseen = explainUnseen(containers);
  const resources = all.map((network) => describeNetwork(network, members.get(network) ?? [], unseen, hasTwin(network, all)));
  return { resources: resources.sort((a, b) => (a.id < b.id ? -1 : 1)), source: { status: source.status, detail: source.detail } };
}

/** Joiners of a member's namespace are members too. By the network's id where the container has it, which it has not before its first start, else by name. */
function listMembers(networks: readonly unknown[], snapshot: Snapshot): Map<unknown, Member[]> {
  const ids = listContainerIds(snapshot);
  const byId = new Map(networks.map((network) => [textAt(network, "Id"), network]));
  const byName = new Map(networks.map((network) => [textAt(network, "Name"), network]));
  const members = new Map<unknown, Member[]>(networks.map((network) => [network, []]));
  const containers = snapshot.sources.containers.data ?? [];
  const findOwner = networkOwnerFinder(containers);
  for (const container of containers) {
    for (const [name, endpoint] of entriesAt(findOwner(container)?.inspect, "NetworkSettings", "Networks")) {
      const network = byId.get(textAt(endpoint, "NetworkID")) ?? byName.get(name);
      members.get(network)?.push(describeMember(container, ids.get(container.id) ?? container.name));
    }
  }
  return members;
}

function describeMember({ name, inspect }: ContainerAnswer, id: string): Member {
  const labels = textMapAt(inspect, "Config", "Labels");
  return {
    key: id,
    container: name,
    project: labels["com.docker.compose.project"] || null,
    service: labels["com.docker.compose.service"] || null,
    publishes: publishesPorts(inspect),
  };
}

/** Why there may be members that are not listed; null where all containers were seen. */
function explainUnseen(containers: Snapshot["sources"]["containers"]): string | null {
  const unseen = (containers.data ?? []).find(({ inspect }) => inspect === null);
  if (unseen !== undefined) return `container ${unseen.name} could not be inspected: ${unseen.error ?? "no answer"}`;
  return containers.data === null ? `the containers were not read: ${containers.detail ?? containers.status}` : null;
}

/** Older engines take one name for several networks. */
function hasTwin(network: unknown, all: readonly unknown[]): boolean {
  return all.some((other) => other !== network && textAt(other, "Name") === textAt(network, "Name"));
}

const BRIDGE_OPTION = "com.docker.network.bridge";

function describeNetwork(network: unknown, members: Member[], unseen: string | null, twin: boolean): Network {
  const name = textAt(network, "Name") ?? "";
  const id = textAt(network, "Id") ?? "";
  const driver = textAt(network, "Driver") ?? "";
  const options = textMapAt(network, "Options");
  const sorted = members.sort((a, b) => (a.key < b.key ? -1 : 1));
  const projects = [...new Set(sorted.flatMap(({ project }) => project ?? []))].sort();
  const anyPublishes = sorted.some((member) => member.publishes);
  return {
    kind: "network",
    id: twin ? `${name} ${id.slice(0, 12)}` : name,
    name,
    origins: listOrigins(name),
    unknown: unseen === null ? {} : listUnknown(unseen, projects, anyPublishes),
    driver,
    scope: textAt(network, "Scope") ?? "",
    internal: booleanAt(network, "Internal") ?? false,
    ipv6: booleanAt(network, "EnableIPv6") ?? false,
    icc: options[`${BRIDGE_OPTION}.enable_icc`] !== "false",
    defaultBridge: isDefaultBridge(network),
    bridge: driver === "bridge" ? (options[`${BRIDGE_OPTION}.name`] ?? `br-${id.slice(0, 12)}`) : null,
    options,
    project: textMapAt(network, "Labels")["com.docker.compose.project"] || null,
    members: sorted,
    projects,
    memberNames: [...new Set(sorted.flatMap(({ key, container, service }) => [key, container, service ?? container]))].sort(),
    anyPublishes,
  };
}

function listOrigins(name: string): Record<string, Place> {
  const place = (key: string): Place => ({ source: "networks", key: `${name} ${key}` });
  const ofMembers: Place = { source: "containers", key: `NetworkSettings.Networks.${name}` };
  return {
    "": { source: "networks", key: name },
    "/driver": place("Driver"),
    "/internal": place("Internal"),
    "/ipv6": place("EnableIPv6"),
    "/icc": place(`Options.${BRIDGE_OPTION}.enable_icc`),
    "/options": place("Options"),
    "/members": ofMembers,
    "/projects": ofMembers,
    "/memberNames": ofMembers,
    "/anyPublishes": ofMembers,
  };
}

/** What the members that were seen settle stays known: a second project, a published port. */
function listUnknown(reason: string, projects: readonly string[], anyPublishes: boolean): Record<string, string> {
  return {
    "/members": reason,
    "/memberNames": reason,
    ...(projects.length > 1 ? {} : { "/projects": reason }),
    ...(anyPublishes ? {} : { "/anyPublishes": reason }),
  };
}
