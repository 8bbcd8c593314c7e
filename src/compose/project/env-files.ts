import type { MapNode } from "../node.ts";
import type { Loading } from "./loading.ts";
import type { Variables } from "../interpolate/variables.ts";
import type { MissingFile } from "./load-project.ts";
export function resolveEnvFiles(loading: Loading, model: MapNode, variables: Variables): { model: MapNode; missing: ReadonlyMap<string, readonly MissingFile[]> } {
  void loading; void variables;
  return { model, missing: new Map() };
}
