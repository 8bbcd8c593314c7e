/** The project that running containers were made from, as its files are now. */
import type { ComposeFiles } from "../../facts/compose-labels.ts";
import type { ReadFile } from "../project/files.ts";
import { type ComposeProject, loadProject } from "../project/load-project.ts";

export interface MadeRequest {
  readonly readFile: ReadFile;
  /** Absolute; files are named relative to it. */
  readonly workingDirectory: string;
  readonly project: string;
  readonly made: ComposeFiles;
  /** Without what env files say. */
  readonly withheld?: boolean;
}

/** With what environment Compose was called nobody has written down. Throws HardenError for what it would refuse now. */
export function loadMade({ readFile, workingDirectory, project, made, withheld = false }: MadeRequest): ComposeProject {
  const { files, folder, envFiles } = made;
  return loadProject({ readFile, workingDirectory, environment: {}, from: { files }, projectFolder: folder, envFiles, projectName: project, shellUnknown: true, withheld });
}
