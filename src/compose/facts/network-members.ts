/** Which containers of a project are on which networks, by their real names. */
import type { Container } from "../../facts/model/container.ts";
import { type Member, nameImage } from "../../facts/network/members.ts";
import { lookUp, type Place } from "../../facts/resource.ts";

export interface NetworkUse {
  /** The network's own name. */
  readonly network: string;
  readonly member: Member;
  /** The member's own key. */
  readonly place: Place | undefined;
  readonly imageUnknown: string | undefined;
}

/** Hooks and pre_start containers are parts of their services; a provider is no container. */
const MEMBERS: readonly string[] = ["service", "job"];

/** More than anybody writes: a chain through all services would be followed from each of them. */
const MAX_STEPS = 100;

/** Who joins another's network namespace is on that one's networks, through several. */
export function listUses(containers: readonly Container[]): NetworkUse[] {
  const byId = new Map(containers.map((container) => [container.id, container]));
  return containers.filter(({ role }) => MEMBERS.includes(role)).flatMap((container) => {
    const { networks = [] } = findOwner(container, byId) ?? {};
    const use = { member: describe(container, networks.length === 1), place: container.origins[""], imageUnknown: lookUp(container.unknown, "/image") };
    return networks.map(({ name }) => ({ network: name, ...use }));
  });
}

function describe({ id, name, project, service, ports, image }: Container, alone: boolean): Member {
  return { key: id, container: name, project, service, publishes: ports.length > 0, image: nameImage(image.reference), alone };
}

function findOwner(container: Container, byId: ReadonlyMap<string, Container>): Container | undefined {
  const seen = new Set<Container>();
  for (let owner: Container | undefined = container; owner !== undefined && !seen.has(owner) && seen.size <= MAX_STEPS; ) {
    seen.add(owner);
    const joined: string | undefined = owner.joinedNamespaces.find(({ namespace }) => namespace === "network")?.container;
    if (joined === undefined) return owner;
    owner = byId.get(joined);
  }
  return undefined;
}

/** The first reason why a service may be on a network, or publish ports, that is not listed; null if all is known. */
export function whyOthers(containers: readonly Container[]): string | null {
  for (const { unknown } of containers) {
    const reason = unknown[""] ?? unknown["/networks"] ?? unknown["/ports"];
    if (reason !== undefined) return reason;
  }
  return null;
}
