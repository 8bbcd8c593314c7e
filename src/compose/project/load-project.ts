/** A compose project: its files merged into the configuration that Compose would run, each value with its place. */
import { resolve } from "node:path/posix";
import { HardenError } from "../../errors.ts";
import type { Filled } from "../interpolate/interpolate.ts";
import { mergeVariables, type Variable, type Variables, withholdValues } from "../interpolate/variables.ts";
import { child, type MapNode } from "../node.ts";
import { checkConsistency } from "./consistency.ts";
import { addEnvFiles, callerVariables } from "./environment.ts";
import { type MissingFile, resolveEnvFiles } from "./env-files.ts";
import type { ReadFile, UsedFile } from "./files.ts";
import { findComposeFiles, projectFolder } from "./find.ts";
import { loadModel } from "./load-model.ts";
import { type Loading, openDocuments, type RemotePart, scopeOf } from "./loading.ts";
import { projectName } from "./name.ts";
import { normalizeProject } from "./normalize.ts";
import { checkTypes } from "./types.ts";

export interface ProjectRequest {
  readonly readFile: ReadFile;
  /** Absolute; files are named relative to it. */
  readonly workingDirectory: string;
  /** The caller's environment: goes before every env file. */
  readonly environment: Readonly<Record<string, string>>;
  /** The files, merged in turn, or the folder that they are looked for in. */
  readonly from: { readonly files: readonly string[] } | { readonly folder: string };
  /** Absolute; instead of the first file's folder, for `files`. */
  readonly projectFolder?: string;
  /** Instead of the project folder's `.env`. */
  readonly envFiles?: readonly string[];
  readonly projectName?: string;
  /** The project was started with an environment that nobody can tell any more: what demands a variable is unknown, not refused. */
  readonly shellUnknown?: boolean;
  /** Values of env files fill in nothing: what they decide hangs on their variables. */
  readonly withheld?: boolean;
}

export interface ComposeProject {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** The merged model in its long form, services of every profile included. */
  readonly model: MapNode;
  readonly variables: Variables;
  /** Those that the files name, with where each came from; null for one without a value. */
  readonly asked: ReadonlyMap<string, Variable | null>;
  /** Those that a value hangs on, since they have no default either. */
  readonly unset: ReadonlySet<string>;
  /** Values that variables had a part in. */
  readonly filled: readonly Filled[];
  /** Every file that had a part, in the order in which they were read. */
  readonly files: readonly UsedFile[];
  readonly remotes: readonly RemotePart[];
  /** By service: env and label files that are not there. */
  readonly missing: ReadonlyMap<string, readonly MissingFile[]>;
}

/** Throws HardenError, several as HardenErrors, each with its place, for what Compose refuses. */
export function loadProject(request: ProjectRequest): ComposeProject {
  const { readFile, workingDirectory, environment, envFiles = [] } = request;
  const loading: Loading = {
    readFile, workingDirectory, home: environment["HOME"] ?? null, used: new Map(), remotes: [], documents: new Map(), included: { count: 0 }, asked: new Map(), unset: new Set(),
    filled: [], shellUnknown: request.shellUnknown === true, withheld: request.withheld === true,
  };
  const { paths, variables, folder } = chooseFiles(loading, request, callerVariables(environment), envFiles);
  const documents = paths.map((path, index) => openDocuments(loading, path, index === 0 ? "compose" : "override", null));
  const name = projectName(request.projectName ?? null, variables, documents, folder);
  const named = mergeVariables(new Map([["COMPOSE_PROJECT_NAME", { value: name, from: "project" }]]), loading.withheld ? withholdValues(variables) : variables);
  const model = loadModel(loading, scopeOf(loading, named, folder, []), paths.map((path) => ({ path, at: null })), "compose");
  if (model.entries.size === 0) throw new HardenError("holds nothing", { position: { file: loading.used.get(paths[0] ?? "")?.file ?? "", line: 1, column: 1 } });
  const normal = checkTypes(normalizeProject(model, name, named));
  checkConsistency(normal, loading.remotes.some(({ kind }) => kind === "include"));
  const { model: complete, missing } = resolveEnvFiles(loading, normal, named);
  return { name, folder, model: complete, variables: named, asked: loading.asked, unset: loading.unset, filled: loading.filled, files: [...loading.used.values()], remotes: loading.remotes, missing };
}

interface Choice {
  readonly paths: readonly string[];
  readonly variables: Variables;
  readonly folder: string;
}

/** The `.env` of the searched folder may name the files; that of the first file's folder counts too. */
function chooseFiles(loading: Loading, { from, projectFolder: given }: ProjectRequest, caller: Variables, envFiles: readonly string[]): Choice {
  if ("files" in from) {
    const paths = from.files.map((file) => resolve(loading.workingDirectory, file));
    const folder = given ?? projectFolder(paths, loading.workingDirectory);
    return { paths, folder, variables: addEnvFiles(loading, caller, envFiles, folder) };
  }
  const start = resolve(loading.workingDirectory, from.folder);
  const variables = addEnvFiles(loading, caller, envFiles, start);
  const paths = findComposeFiles(loading.readFile, start, variables);
  if (paths.length === 0) throw new HardenError("has no compose file", { position: { file: from.folder } });
  const folder = projectFolder(paths, start);
  return { paths, folder, variables: folder === start ? variables : addEnvFiles(loading, variables, envFiles, folder) };
}

/** The services of a project by name, in their order. */
export function servicesOf({ model }: Pick<ComposeProject, "model">): MapNode["entries"] {
  const services = child(model, "services");
  return services?.kind === "map" ? services.entries : new Map();
}
