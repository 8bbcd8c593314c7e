/** What Compose writes on the containers that it makes (docker/compose, pkg/api/labels.go). Anyone can write the same. */

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

/** Null where it is no container of a service: not made by Compose, or by `compose run`, with options that no file tells. */
export function readMadeBy(labels: Readonly<Record<string, string>>): MadeBy | null {
  const label = (name: string): string => labels[`com.docker.compose.${name}`] ?? "";
  if (label("project") === "" || label("service") === "" || label("oneoff").toLowerCase() === "true") return null;
  return { project: label("project"), files: label("project.config_files"), folder: label("project.working_dir"), envFiles: label("project.environment_file") };
}

/** The same for containers that the same files made. */
export function keyOfMadeBy({ project, files, folder, envFiles }: MadeBy): string {
  return JSON.stringify([project, files, folder, envFiles]);
}

/** A text says why they cannot be told. */
export function splitFiles({ files, folder, envFiles }: MadeBy): ComposeFiles | string {
  if (files === "" || folder === "") return "the labels of its containers name no compose file";
  const split = { files: files.split(","), folder, envFiles: envFiles === "" ? [] : envFiles.split(",") };
  return [...split.files, folder, ...split.envFiles].every((path) => path.startsWith("/")) ? split : "the labels of its containers name a compose file that is no path on this host";
}
