/** The files of a project, or of an include, as one model (compose-go, loader.loadYamlModel). */
import { applyDefaults } from "../model/defaults.ts";
import { checkModel } from "../model/checks.ts";
import { resolvePaths } from "../model/resolve-paths.ts";
import { resolveVariables } from "../model/resolve-variables.ts";
import type { MapNode } from "../node.ts";
import type { Span } from "../source.ts";
import type { UsedFile } from "./files.ts";
import { emptyModel, loadFile } from "./load-file.ts";
import { type Loading, nameFile, type Scope } from "./loading.ts";

export interface FileReference {
  readonly path: string;
  /** The place that names it; null for a file of the command line. */
  readonly at: Span | null;
}

export function loadModel(loading: Loading, scope: Scope, files: readonly FileReference[], role: UsedFile["role"]): MapNode {
  let model = emptyModel(nameFile(loading, files[0]?.path ?? scope.folder));
  files.forEach(({ path, at }, index) => {
    model = loadFile(loading, scope, path, model, index > 0 && role === "compose" ? "override" : role, at);
  });
  const filled = applyDefaults(model);
  checkModel(filled);
  return resolveVariables(resolvePaths(filled, scope.folder, loading.home), scope.variables);
}
