/** Relative paths made absolute, by the folder of the project or of the file that an include or extends brought (compose-go, paths/). */
import { posix } from "node:path";
import { normalizePath } from "../../facts/host-path.ts";
import { faultAt } from "../fault.ts";
import { child, type MapNode, type Node, withEntries } from "../node.ts";
import { compileRules, type PathRules } from "../path-rules.ts";
import { isRemote } from "../project/remote.ts";
import { type Change, changeAt } from "./visit.ts";

/** `home` replaces a leading `~`; null leaves it. */
export function resolvePaths(model: MapNode, folder: string, home: string | null): MapNode {
  return changeAt(model, rulesFor(folder, home)) as MapNode;
}

/** A path as Compose resolves it, where it is one of this machine: a Windows path stays as it is. */
function resolvePath(path: string, folder: string, home: string | null): string {
  const expanded = path.startsWith("~") && home !== null ? posix.join(home, path.slice(1)) : path;
  if (expanded.startsWith("~") || expanded.startsWith("/") || /^([a-zA-Z]:[\\/]|\\\\)/.test(expanded)) return expanded;
  return normalizePath(posix.join(folder, expanded));
}

function rulesFor(folder: string, home: string | null): PathRules<Change> {
  const resolveText = (node: Node, skip: (path: string) => boolean): Node => {
    if (node.kind !== "scalar" || typeof node.value !== "string" || skip(node.value)) return node;
    // A path that begins with a variable may well be absolute.
    if (node.unknown !== undefined && node.value.startsWith("$")) return node;
    const value = resolvePath(node.value, folder, home);
    return value === node.value ? node : { ...node, value };
  };
  const path: Change = (node) => resolveText(node, (value) => value === "");
  const anyPath: Change = (node) => resolveText(node, () => false);
  const context: Change = (node) => resolveText(node, (value) => value === "" || isForeignContext(value));
  const extendsFile: Change = (node) => resolveText(node, (value) => value === "" || isRemote(value));
  const mount: Change = (node) => {
    if (node.kind !== "map") return node;
    const [type, source] = [child(node, "type"), node.entries.get("source")];
    if (type?.kind !== "scalar" || type.value !== "bind") return node;
    if (source === undefined) throw faultAt(node.at, "a mount of type bind needs a source");
    return withEntries(node, [["source", { key: source.key, value: anyPath(source.value, []) }]]);
  };
  const volume: Change = (node) => {
    const [driver, options, o] = [child(node, "driver"), child(node, "driver_opts"), child(child(node, "driver_opts"), "o")];
    const local = driver?.kind === "scalar" && driver.value === "local" && o?.kind === "scalar" && o.value === "bind";
    const device = options?.kind === "map" ? options.entries.get("device") : undefined;
    if (!local || node.kind !== "map" || options?.kind !== "map" || device === undefined) return node;
    const resolved = withEntries(options, [["device", { key: device.key, value: anyPath(device.value, []) }]]);
    return withEntries(node, [["driver_opts", { key: node.entries.get("driver_opts")?.key ?? node.at, value: resolved }]]);
  };
  const container: readonly (readonly [string, Change])[] = [["env_file.*.path", path], ["label_file.*", path], ["volumes.*", mount]];
  const workload: readonly (readonly [string, Change])[] = [["build.context", context], ["build.additional_contexts.*", context], ["extends.file", extendsFile]];
  return compileRules<Change>([
    ...["services.*.", "jobs.*.", "services.*.pre_start.*."].flatMap((prefix) => container.map(([key, rule]) => [prefix + key, rule] as const)),
    ...["services.*.", "jobs.*."].flatMap((prefix) => workload.map(([key, rule]) => [prefix + key, rule] as const)),
    ["services.*.develop.watch.*.path", path],
    ["configs.*.file", anyPath],
    ["secrets.*.file", anyPath],
    ["volumes.*", volume],
  ]);
}

/** Contexts that a builder fetches or another service makes. */
function isForeignContext(value: string): boolean {
  return value.includes("://") || /^(service:|https?:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@)/.test(value);
}
