/** Networks of compose projects: the same facts as those of an engine. */
import { ASSUMED_DEFAULTS, type EngineDefaults } from "../../facts/engine-defaults.ts";
import type { Container } from "../../facts/model/container.ts";
import type { Network } from "../../facts/model/network.ts";
import { describeMembers } from "../../facts/network/members.ts";
import { type Derived, type FilePlace, isFilePlace, pointer } from "../../facts/resource.ts";
import type { Entry } from "../node.ts";
import { withRelated } from "../places.ts";
import type { ComposeProject } from "../project/load-project.ts";
import { entriesAt, textAt } from "../values/read.ts";
import { listUses, type NetworkUse, whyOthers } from "./network-members.ts";
import { type DeclaredNetwork, readNetwork } from "./network-settings.ts";

/** What a project says of networks, until it is joined with the other projects of the same host. */
export interface ProjectNetworks {
  readonly project: string;
  readonly declared: readonly DeclaredNetwork[];
  readonly uses: readonly NetworkUse[];
  /** Why services may be on its networks that are not listed; null if there are none. */
  readonly others: string | null;
}

/** `containers` are those of the project. */
export function readComposeNetworks(project: ComposeProject, containers: readonly Container[], engine: EngineDefaults = ASSUMED_DEFAULTS): ProjectNetworks {
  const uses = listUses(containers);
  const declared = entriesAt(project.model, "networks").map(([key, entry]) => readNetwork(key, entry, engine, placeOfKey(project, entry, containers)));
  return { project: project.name, declared, uses, others: whyOthers(containers) };
}

/** The implicit `default` network stands nowhere: the first service that is on it stands for it. */
function placeOfKey({ model }: ComposeProject, entry: Entry, containers: readonly Container[]): FilePlace {
  const own = withRelated(entry.key, [entry.value]);
  if (entry.key !== model.at) return own;
  const name = textAt(entry.value, "name");
  const first = containers.find(({ networks }) => networks.some((network) => network.name === name))?.origins[""];
  return first !== undefined && isFilePlace(first) ? first : own;
}

/**
 * The networks of each project, with the members that the other projects bring. Projects of one name are taken for variants of one, which do not
 * run side by side. A network that is external to one of them and made by another has that one's settings.
 */
export function joinComposeNetworks(projects: readonly ProjectNetworks[]): Derived<Network>[] {
  return projects.map((own) => {
    const neighbours = projects.filter(({ project }) => project !== own.project);
    return { resources: own.declared.map((network) => joinNetwork(network, own, neighbours)), source: { status: "ok", detail: null } };
  });
}

function joinNetwork(network: DeclaredNetwork, own: ProjectNetworks, neighbours: readonly ProjectNetworks[]): Network {
  const { name, external, origins, unknown } = network;
  const maker = external ? neighbours.find(({ declared }) => declared.some((other) => other.name === name && !other.external)) : own;
  const settings = maker === own ? network : (maker?.declared.find((other) => other.name === name && !other.external) ?? network);
  const uses = [own, ...neighbours].flatMap((project) => project.uses.filter((use) => use.network === name));
  const reason = external ? `the network ${name} is external: what else is attached to it is not here` : own.others;
  const membership = describeMembers(uses.map(({ member }) => member), reason);
  const key = origins[""];
  return {
    kind: "network", id: name, name, external, project: maker?.project ?? null,
    ...settings.settings, outgoing: [],
    ...membership.value,
    origins: { ...settings.origins, ...(key === undefined ? {} : { "": key }), ...ofMembers(membership.value, uses, ({ place }) => place) },
    unknown: { ...(settings === network ? unknown : settings.unknown), ...membership.unknown, ...ofMembers(membership.value, uses, ({ imageUnknown }) => imageUnknown, "image") },
  };
}

/** What is to be said of members by their pointers. */
function ofMembers<T>(
  { members, backs }: Pick<Network, "members" | "backs">, uses: readonly NetworkUse[], tell: (use: NetworkUse) => T | undefined, ...below: readonly string[]
): Record<string, T> {
  const told = new Map(uses.map((use) => [use.member.key, tell(use)]));
  return Object.fromEntries(Object.entries({ members, backs }).flatMap(([list, elements]) => elements.flatMap(({ key }, index) => {
    const value = told.get(key);
    return value === undefined ? [] : [[pointer([list, index, ...below]), value] as const];
  })));
}
