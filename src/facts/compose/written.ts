/** What the compose files say of a running container's service. */
import { keyOfMadeBy, type MadeBy } from "../compose-labels.ts";
import type { ComposeProject, ComposeService, Snapshot } from "../../snapshot/model.ts";
import { type FilePlace, lookUp } from "../resource.ts";

export interface Written {
  readonly service: ComposeService;
  /** Paths of the files that places are in. */
  readonly files: readonly string[];
}

/** By `keyOfMadeBy`; a text says why none are known. */
export type WrittenProjects = ReadonlyMap<string, ComposeProject> | string;

export function indexProjects({ compose }: Snapshot["sources"]): WrittenProjects {
  if (compose === undefined) return "the snapshot does not tell what the compose files say";
  if (compose.data === null) return compose.detail ?? compose.status;
  return new Map(compose.data.map((project) => [keyOfMadeBy(project.madeBy), project]));
}

export interface Unwritten {
  /** Why that is not known; null where its files have no such service. */
  readonly reason: string | null;
  /** Where its files would say it. */
  readonly place: FilePlace | undefined;
}

export function findWritten(projects: WrittenProjects, madeBy: MadeBy, service: string): Written | Unwritten {
  if (typeof projects === "string") return { reason: projects, place: undefined };
  const project = projects.get(keyOfMadeBy(madeBy));
  if (project === undefined) return { reason: "what its compose files say was not read", place: undefined };
  const { files, services, error, partial } = project;
  const found = services.find(({ name }) => name === service);
  if (found !== undefined) return { service: found, files };
  const reason = error ?? (partial ? `its compose files have no service ${service}, and include others that are not fetched` : null);
  return { reason, place: toPlace(files, project.place) };
}

/** Where the value at a JSON pointer stands: where it, or the nearest that holds it, is set. */
export function placeIn({ service: { places }, files }: Written, at: string): FilePlace | undefined {
  return toPlace(files, lookUp(places, at));
}

function toPlace(files: readonly string[], [index = -1, line = 1, column = 1, endLine = 1, endColumn = 1]: readonly number[] = []): FilePlace | undefined {
  const file = files[index];
  return file === undefined ? undefined : { file, line, column, endLine, endColumn };
}

/** Why what is said at a JSON pointer may have been otherwise when the container was made; null where it may not. */
export function doubt({ service: { places, unknown, variables } }: Written, at: string): string | null {
  const open = lookUp(unknown, at);
  if (open !== undefined) return open;
  const names = variables[nearest(places, at) ?? ""] ?? [];
  if (names.length === 0) return null;
  return sayFilled(names);
}

/** A fact of the service that an env file decides, and of which no container shows what it says: by the first part of its pointer. */
export function doubtWithheld({ service: { withheld } }: Written, at: string): string | null {
  const names = withheld?.[at.split("/")[1] ?? ""];
  return names === undefined ? null : sayFilled(names);
}

function sayFilled(names: readonly string[]): string {
  return `the file fills it in from ${names.length === 0 ? "an env file" : names.join(", ")}, and whoever started the project may have set that otherwise`;
}

/** The pointer of a map's entry that speaks for `at`. */
function nearest(map: Readonly<Record<string, unknown>>, at: string): string | undefined {
  for (let current = at; current !== ""; current = current.slice(0, current.lastIndexOf("/"))) if (Object.hasOwn(map, current)) return current;
  return undefined;
}
