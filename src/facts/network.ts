/** Networks of the engine with the containers that are attached to them, running or not. */
import type { ContainerAnswer, Snapshot } from "../snapshot/model.ts";
import { deriveContainers } from "./container.ts";
import { listContainerIds } from "./container-id.ts";
import { deriveDaemon } from "./daemon.ts";
import { isDefaultBridge } from "./default-bridge.ts";
import { type EngineDefaults, readDefaults } from "./engine-defaults.ts";
import type { Network } from "./model/network.ts";
import { bridgeOf } from "./network/bridged.ts";
import { describeMembers, type Member, nameImage } from "./network/members.ts";
import { describeSettings, ENCRYPTION_OPTION, ICC_OPTION } from "./network/settings.ts";
import { networkOwnerFinder } from "./network-owner.ts";
import { booleanAt, entriesAt, textAt, textMapAt } from "./raw.ts";
import type { Derived, Place } from "./resource.ts";

export function deriveNetworks(snapshot: Snapshot): Derived<Network> {
  const { engine, networks, containers } = snapshot.sources;
  const source = engine.status === "ok" ? networks : engine;
  const all = networks.data ?? [];
  const members = listMembers(all, snapshot);
  const unseen = explainUnseen(containers);
  const [dockerd] = deriveDaemon(snapshot).resources;
  const engineDefaults = dockerd === undefined ? null : readDefaults(dockerd);
  const resources = all.map((network) => describeNetwork(network, { members: members.get(network) ?? [], unseen, engine: engineDefaults, twin: hasTwin(network, all) }));
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
  const published = new Set(deriveContainers(snapshot).resources.filter(({ ports, unknown }) => ports.length > 0 || unknown["/ports"] !== undefined).map(({ id }) => id));
  for (const container of containers) {
    const attachments = entriesAt(findOwner(container)?.inspect, "NetworkSettings", "Networks");
    const id = ids.get(container.id) ?? container.name;
    const member = describeMember(container, { id, publishes: published.has(id), alone: attachments.length === 1 });
    for (const [name, endpoint] of attachments) {
      const network = byId.get(textAt(endpoint, "NetworkID")) ?? byName.get(name);
      members.get(network)?.push(member);
    }
  }
  return members;
}

function describeMember({ name, inspect }: ContainerAnswer, { id, publishes, alone }: { id: string; publishes: boolean; alone: boolean }): Member {
  const labels = textMapAt(inspect, "Config", "Labels");
  return {
    key: id,
    container: name,
    project: labels["com.docker.compose.project"] || null,
    service: labels["com.docker.compose.service"] || null,
    publishes,
    image: nameImage(textAt(inspect, "Config", "Image")),
    alone,
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

interface Surroundings {
  readonly members: readonly Member[];
  /** Why there may be others. */
  readonly unseen: string | null;
  readonly engine: EngineDefaults | null;
  readonly twin: boolean;
}

function describeNetwork(network: unknown, { members, unseen, engine, twin }: Surroundings): Network {
  const name = textAt(network, "Name") ?? "";
  const id = textAt(network, "Id") ?? "";
  const driver = textAt(network, "Driver") ?? "";
  const options = textMapAt(network, "Options");
  const ipv6 = booleanAt(network, "EnableIPv6") ?? false;
  const membership = describeMembers(members, unseen);
  const settings = describeSettings({ driver, options, ipv4: booleanAt(network, "EnableIPv4") ?? true, ipv6 }, engine);
  return {
    kind: "network",
    id: twin ? `${name} ${id.slice(0, 12)}` : name,
    name,
    origins: listOrigins(name),
    unknown: { ...membership.unknown, ...settings.unknown },
    external: false,
    driver,
    scope: textAt(network, "Scope") ?? "",
    internal: booleanAt(network, "Internal") ?? false,
    ipv6,
    ...settings.value,
    defaultBridge: isDefaultBridge(network),
    bridge: bridgeOf(network),
    options,
    project: textMapAt(network, "Labels")["com.docker.compose.project"] || null,
    ...membership.value,
    outgoing: [],
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
    "/icc": place(`Options.${ICC_OPTION}`),
    "/encrypted": place(`Options.${ENCRYPTION_OPTION}`),
    "/gateways": place("Options"),
    "/options": place("Options"),
    "/members": ofMembers,
    "/projects": ofMembers,
    "/memberNames": ofMembers,
    "/anyPublishes": ofMembers,
    "/fronts": ofMembers,
    "/backs": ofMembers,
  };
}
