/** What the members of a network come to. */
import { parseImageReference } from "../image-reference.ts";
import type { Network } from "../model/network.ts";
import type { Part } from "../part.ts";
import { pointer } from "../resource.ts";

export type Member = Network["members"][number];
type Membership = Pick<Network, "members" | "projects" | "memberNames" | "anyPublishes" | "fronts" | "backs">;

/** `unseen`: why there may be members that are not listed; what those that are listed settle stays known: a second project, a published port. */
export function describeMembers(found: readonly Member[], unseen: string | null): Part<Membership> {
  const members = [...found].sort((a, b) => (a.key < b.key ? -1 : 1));
  const projects = [...new Set(members.flatMap(({ project }) => project ?? []))].sort();
  const anyPublishes = members.some(({ publishes }) => publishes);
  const fronts = members.filter(({ publishes, alone }) => publishes && alone).map(({ container }) => container);
  const backs = members.filter(({ publishes }) => !publishes).map(({ key, container, service, image }) => ({ key, container, service: service ?? container, image }));
  const memberNames = [...new Set(members.flatMap(({ key, container, service }) => [key, container, service ?? container]))].sort();
  const open = { members: true, memberNames: true, backs: true, projects: projects.length <= 1, anyPublishes: !anyPublishes, fronts: fronts.length === 0 };
  const names = Object.entries(open).filter(([, isOpen]) => isOpen).map(([name]) => pointer([name]));
  return {
    value: { members, projects, memberNames, anyPublishes, fronts, backs },
    unknown: unseen === null ? {} : Object.fromEntries(names.map((name) => [name, unseen])),
  };
}

/** `registry:5000/tools/postgres:16` is postgres; an image that is named by its digest alone has no name. */
export function nameImage(reference: string | null): string {
  const { tag, digest } = parseImageReference(reference);
  if (reference === null || digest === reference) return "";
  const [name = ""] = reference.split("@");
  return (tag === null ? name : name.slice(0, -tag.length - 1)).split("/").at(-1) ?? "";
}
