/** One compose file merged into what the files before it made (compose-go, loader.loadYamlFile). */
import { faultAt, throwFaults } from "../fault.ts";
import { interpolate } from "../interpolate/interpolate.ts";
import { canonicalize } from "../model/canonical.ts";
import { clearPaths } from "../model/clear.ts";
import { mergeModels } from "../model/merge.ts";
import { promoteExtensions } from "../model/promote.ts";
import { enforceUnique } from "../model/unique.ts";
import { describeKind, type MapNode, mapNode, withoutKey } from "../node.ts";
import { PROJECT } from "../shape/project.ts";
import { findFaults } from "../shape/validate.ts";
import { type Span, startOf } from "../source.ts";
import type { ComposeDocument, KeyPath } from "../yaml/read.ts";
import { applyExtends } from "./extends.ts";
import type { UsedFile } from "./files.ts";
import { applyInclude } from "./include.ts";
import { type Loading, openDocuments, type Scope } from "./loading.ts";

/** Each document of the file in turn. `at` is the place that names the file, if one does. */
export function loadFile(loading: Loading, scope: Scope, path: string, model: MapNode, role: UsedFile["role"], at: Span | null): MapNode {
  let current = model;
  let including = scope.including;
  for (const document of openDocuments(loading, path, role, at)) {
    if (including.at(-1) !== path) including = [...including, path];
    const filled = fillIn(scope, document);
    const included = applyInclude(loading, scope, filled, including, document.cleared);
    const before = clearPaths(current, document.cleared);
    const extended = applyExtends(loading, scope, included, path, document.cleared);
    const merged = enforceUnique(mergeModels(before, extended));
    throwFaults(findFaults(merged, PROJECT));
    current = enforceUnique(canonicalize(withoutKey(merged, "version")));
  }
  return current;
}

/** A file that only lends services: nothing is included, extended or validated in it. Its last document's tags act on what it lends. */
export function loadBaseFile(loading: Loading, scope: Scope, path: string, at: Span): { model: MapNode; cleared: readonly KeyPath[] } {
  let model = mapNode(new Map(), at);
  let cleared: readonly KeyPath[] = [];
  for (const document of openDocuments(loading, path, "extends", at)) {
    cleared = document.cleared;
    const merged = mergeModels(clearPaths(model, cleared), fillIn(scope, document));
    model = enforceUnique(canonicalize(enforceUnique(merged)));
  }
  return { model, cleared };
}

function fillIn(scope: Scope, { root }: ComposeDocument): MapNode {
  if (root.kind !== "map") throw faultAt(root.at, `a compose file is a map, not ${describeKind(root)}`);
  return promoteExtensions(interpolate(root, scope.lookUp, scope.unset, scope.filled) as MapNode);
}

export function emptyModel(file: string): MapNode {
  return mapNode(new Map(), startOf(file));
}
