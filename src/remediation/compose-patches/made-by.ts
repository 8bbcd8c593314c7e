/** From which files Compose has made containers: their labels tell. */
import type { Container } from "../../facts/model/container.ts";

export interface MadeBy {
  /** Absolute, in the order in which they are merged. */
  readonly files: readonly string[];
  readonly folder: string;
  /** Empty: the folder's `.env`, if it has one. */
  readonly envFiles: readonly string[];
}

/** Labels as Compose v2 sets them (pkg/api/labels.go). A text says why it cannot be told. */
export function findFiles(containers: readonly Container[]): MadeBy | string {
  const told = new Set(containers.map(({ labels }) => JSON.stringify(LABELS.map((name) => labels[`com.docker.compose.project.${name}`] ?? ""))));
  if (told.size > 1) return "its containers were made from different compose files: have Compose make them all anew first";
  const [files = "", folder = "", envFiles = ""] = JSON.parse([...told][0] ?? "[]") as string[];
  const split = { files: files.split(","), folder, envFiles: envFiles === "" ? [] : envFiles.split(",") };
  if (files === "" || folder === "") return "the labels of its containers name no compose file";
  return [...split.files, split.folder, ...split.envFiles].every((path) => path.startsWith("/")) ? split : "the labels of its containers name a compose file that is no path on this host";
}

const LABELS = ["config_files", "working_dir", "environment_file"];
