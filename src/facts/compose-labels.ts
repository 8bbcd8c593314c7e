/** What Compose writes on the containers that it makes (docker/compose, pkg/api/labels.go). Anyone can write the same. */
import { dirname, resolve } from "node:path/posix";

export interface MadeBy {
  readonly project: string;
  /** Paths, with commas between. */
  readonly files: string;
  readonly folder: string;
  /** Paths, with commas between; empty: the folder's `.env`, if it has one. */
  readonly envFiles: string;
}

export interface ComposeFiles {
  /** Absolute, in the order in which they are merged. */
  readonly files: readonly string[];
  readonly folder: string;
  readonly envFiles: readonly string[];
}

/**
 * Whether it is the service that its labels name: not what `compose run` made, with options that no file tells, nor what does something for the service
 * before it starts (pre_start) and stays where that has failed. Both carry the service's labels, too.
 */
export function isService(labels: Readonly<Record<string, string>>): boolean {
  const label = (name: string): string => labels[`com.docker.compose.${name}`] ?? "";
  return label("project") !== "" && label("service") !== "" && label("oneoff").toLowerCase() !== "true" && label("hook") === "";
}

/** Null where it is no container of a service. */
export function readMadeBy(labels: Readonly<Record<string, string>>): MadeBy | null {
  const label = (name: string): string => labels[`com.docker.compose.${name}`] ?? "";
  if (!isService(labels)) return null;
  return { project: label("project"), files: label("project.config_files"), folder: label("project.working_dir"), envFiles: label("project.environment_file") };
}

/** The same for containers that the same files made. */
export function keyOfMadeBy({ project, files, folder, envFiles }: MadeBy): string {
  return JSON.stringify([project, files, folder, envFiles]);
}

/** A text says why they cannot be told. */
export function splitFiles({ files, folder, envFiles }: MadeBy): ComposeFiles | string {
  if (files === "" || folder === "") return "the labels of its containers name no compose file, as where Compose v1 read it from standard input";
  const paths = files.split(",");
  const envPaths = envFiles === "" ? [] : envFiles.split(",");
  if (paths.includes(STANDARD_INPUT)) return "Compose read its files from standard input, from which they cannot be read again";
  if (!folder.startsWith("/") || [...paths, ...envPaths].some((path) => ELSEWHERE.test(path))) return "the labels of its containers name a compose file that is no path on this host";
  const base = findBase(paths[0] ?? "", folder);
  const resolved = [...paths, ...envPaths].map((path) => (path.startsWith("/") ? path : base === null ? null : resolve(base, path)));
  if (!resolved.every((path) => path !== null)) return "the labels of its containers name a compose file relative to a folder that they do not tell";
  return { files: resolved.slice(0, paths.length), folder, envFiles: resolved.slice(paths.length) };
}

/** What compose-go keeps as it is given (cli/options.go, absolutePaths). Compose v1 leaves the label out instead. */
const STANDARD_INPUT = "-";

/** A path of Windows or an address. */
const ELSEWHERE = /^[A-Za-z]:[\\/]|:\/\//;

/**
 * The folder that relative paths are relative to; null where it cannot be told. Compose v1 wrote the files as they were given, relative to where it
 * was called, and the project's folder, which is that of the first file, in full (docker/compose 1.x, cli/command.py, execution_context_labels).
 */
function findBase(first: string, folder: string): string | null {
  const own = dirname(first);
  if (own === ".") return folder;
  return resolve(folder).endsWith(`/${own}`) ? resolve(folder).slice(0, -own.length) : null;
}
