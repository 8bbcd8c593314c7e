/** What is shared while one project is loaded. */
import { relative } from "node:path/posix";
import { HardenError } from "../../errors.ts";
import type { Filled } from "../interpolate/interpolate.ts";
import type { LookUp } from "../interpolate/template.ts";
import { type Variable, type Variables, withholdValues } from "../interpolate/variables.ts";
import { faultAt } from "../fault.ts";
import type { MapNode } from "../node.ts";
import type { Span } from "../source.ts";
import { readDocuments } from "../yaml/read.ts";
import type { Documents, ReadFile, UsedFile } from "./files.ts";

export interface Loading {
  readonly readFile: ReadFile;
  /** Absolute; files are named relative to it. */
  readonly workingDirectory: string;
  /** What `~` stands for; null if it is not known. */
  readonly home: string | null;
  readonly used: Map<string, UsedFile>;
  readonly remotes: RemotePart[];
  readonly documents: Map<string, Documents>;
  /** How many includes were followed. */
  readonly included: { count: number };
  /** Variables that the files name, with what they had; null for no value. */
  readonly asked: Map<string, Variable | null>;
  /** Those of which a value hangs on one that has no default either. */
  readonly unset: Set<string>;
  readonly filled: Filled[];
  /** Nobody can tell what the environment was. */
  readonly shellUnknown: boolean;
  /** What env files say is not told. */
  readonly withheld: boolean;
}

/** A part of the project that lies elsewhere and is not fetched. */
export interface RemotePart {
  readonly kind: "include" | "extends";
  readonly address: string;
  readonly at: Span;
}

/** Variables and folder by which one set of files, the project's or an include's, is read. */
export interface Scope {
  readonly variables: Variables;
  readonly lookUp: LookUp;
  readonly unset: Set<string>;
  readonly filled: Filled[];
  /** Absolute folder of relative paths. */
  readonly folder: string;
  /** Absolute paths of the files whose include leads here. */
  readonly including: readonly string[];
  /** Bases of `extends` read in this scope, by path and folder. */
  readonly bases: Map<string, ExtendsBase>;
}

export interface ExtendsBase {
  readonly services: MapNode;
  readonly cleared: readonly (readonly string[])[];
}

export function nameFile({ workingDirectory }: Pick<Loading, "workingDirectory">, path: string): string {
  return relative(workingDirectory, path) || ".";
}

/** The documents of a file, read once; `at` is the place that names the file. */
export function openDocuments(loading: Loading, path: string, role: UsedFile["role"], at: Span | null): Documents {
  const known = loading.documents.get(path);
  if (known !== undefined) {
    noteInclude(known, role, at);
    return known;
  }
  const file = nameFile(loading, path);
  const found = loading.readFile(path);
  if (!("text" in found)) {
    const message = `${file} cannot be read: ${found.reason}`;
    throw at === null ? new HardenError(`cannot be read: ${found.reason}`, { position: { file } }) : faultAt(at, message);
  }
  loading.used.set(path, { path, file, role });
  const documents = readDocuments(found.text, file);
  noteInclude(documents, role, at);
  loading.documents.set(path, documents);
  return documents;
}

/** What the file holds is related to the places that include it. */
function noteInclude(documents: Documents, role: UsedFile["role"], at: Span | null): void {
  const includedAt = documents[0]?.root.at.source.includedAt;
  if (role === "include" && at !== null && includedAt?.includes(at) === false) includedAt.push(at);
}

export function scopeOf({ asked, unset, filled, shellUnknown, withheld }: Loading, given: Variables, folder: string, including: readonly string[]): Scope {
  const variables = withheld ? withholdValues(given) : given;
  const find = (name: string): Variable | undefined => {
    const variable = variables.get(name);
    asked.set(name, variable ?? null);
    return variable;
  };
  return { variables, lookUp: Object.assign(find, { open: shellUnknown }), unset, filled, folder, including, bases: new Map() };
}
