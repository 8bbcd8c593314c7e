/** Mounts of a service, with the host paths that each shows it. */
import { spellPath } from "../../facts/host-path.ts";
import type { Mount } from "../../facts/model/container.ts";
import { pointer } from "../../facts/resource.ts";
import { child, descend, type MapNode, type Node, unknownsOf } from "../node.ts";
import { booleanAt, listAt, scalarAt, textAt, textsAt } from "../values/read.ts";
import { describeVariables, type FactRecord, place, placeNode } from "./record.ts";

/** A mount with the node that sets it and the reasons why parts of it are not known, by fact. */
interface Placed {
  readonly mount: Mount;
  readonly node: Node;
  readonly unknown: Readonly<Record<string, string>>;
}

/** `lent` are services whose mounts it takes over besides those of `volumes_from`: a pre_start container those of its service. */
export function readMounts(record: FactRecord, model: MapNode, lent: readonly MapNode[]): Mount[] {
  place(record, ["mounts"], ["volumes"], ["tmpfs"]);
  const mounts = listMounts(record.spec, model, lent, new Set());
  const sorted = [...mounts.values()].sort((a, b) => (a.mount.target < b.mount.target ? -1 : 1));
  sorted.forEach(({ node, unknown }, index) => {
    const at = pointer(["mounts", index]);
    const source = child(node, "source");
    placeNode(record, at, source ?? node, node, child(record.spec, "volumes"));
    for (const [part, decider] of Object.entries({ readOnly: child(node, "read_only"), propagation: descend(node, "bind", "propagation") })) {
      if (decider !== undefined) placeNode(record, `${at}/${part}`, decider, node, child(record.spec, "volumes"));
    }
    for (const [part, reason] of Object.entries(unknown)) record.unknown[at + part] = reason;
  });
  return sorted.map(({ mount }) => mount);
}

/** More than anybody writes, and fewer than the stack holds. */
const MAX_LENDERS = 100;

/** By target: what the service mounts itself goes before what it takes over. A lender that was met before adds nothing any more. */
function listMounts(spec: MapNode, model: MapNode, lent: readonly MapNode[], seen: Set<MapNode>): Map<string, Placed> {
  const mounts = new Map<string, Placed>();
  const add = (placed: Placed): void => {
    if (!mounts.has(placed.mount.target)) mounts.set(placed.mount.target, placed);
  };
  listAt(spec, "volumes").map((node) => readVolume(node, model)).forEach(add);
  listTmpfs(spec).forEach(add);
  [...readApiSocket(spec), ...readGrants(spec, model, "secrets"), ...readGrants(spec, model, "configs")].forEach(add);
  for (const { from, node } of listLenders(spec, model, lent)) {
    if (from === null) add(unseen(node, "are not of this project"));
    else if (seen.size === MAX_LENDERS) add(unseen(node, "are lent by too many services to be followed"));
    else if (!seen.has(from)) for (const placed of listMounts(from, model, [], seen.add(from)).values()) add(placed);
  }
  return mounts;
}

function readVolume(node: Node, model: MapNode): Placed {
  const [type, source, target] = [textAt(node, "type") ?? "volume", textAt(node, "source"), textAt(node, "target") ?? ""];
  const mount: Mount = {
    key: target, type, source, paths: [], target, readOnly: type === "image" || (booleanAt(node, "read_only") ?? false),
    propagation: type === "bind" ? (textAt(node, "bind", "propagation") ?? "rprivate") : "", via: type,
  };
  const unknown: Record<string, string> = {};
  for (const key of ["type", "source", "target"] as const) {
    const names = unknownsOf(child(node, key));
    if (names.length > 0) unknown[`/${key}`] = describeVariables(names);
  }
  const openSource = unknown["/type"] ?? unknown["/source"];
  if (openSource !== undefined && (type === "bind" || unknown["/type"] !== undefined)) unknown["/paths"] = openSource;
  const readOnly = unknownsOf(child(node, "read_only"));
  if (readOnly.length > 0) unknown["/readOnly"] = describeVariables(readOnly);
  const propagation = unknownsOf(descend(node, "bind", "propagation"));
  if (propagation.length > 0) unknown["/propagation"] = describeVariables(propagation);
  if (type === "bind" && source !== null) return { mount: { ...mount, paths: spellPath(source, undefined) }, node, unknown: withHome(source, unknown) };
  return type === "volume" && source !== null && unknown["/type"] === undefined ? readNamedVolume(mount, node, model, unknown) : { mount, node, unknown };
}

/** A `~` that stays is one that nobody has said the meaning of. */
function withHome(source: string, unknown: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return source.startsWith("~") ? { ...unknown, "/paths": "the variable HOME, which ~ stands for, has no value" } : unknown;
}

/** `driver_opts: {type: none, o: bind, device: /etc}` makes a volume a bind mount; of an external one nothing is known. */
function readNamedVolume(mount: Mount, node: Node, model: MapNode, unknown: Record<string, string>): Placed {
  const volume = descend(model, "volumes", mount.source ?? "");
  const name = textAt(volume, "name") ?? mount.source;
  if (volume === undefined) return { mount, node, unknown: { ...unknown, "/paths": `the volume ${name ?? ""} is declared in a part of the project that is not fetched` } };
  if (booleanAt(volume, "external") === true) {
    return { mount: { ...mount, source: name }, node, unknown: { ...unknown, "/paths": `the volume ${name ?? ""} is external: its options are not here` } };
  }
  const [flags, device] = [scalarAt(volume, "driver_opts", "o"), scalarAt(volume, "driver_opts", "device")];
  const names = [...unknownsOf(flags ?? undefined), ...unknownsOf(device ?? undefined)];
  const open = [device, flags].find((part) => unknownsOf(part ?? undefined).length > 0);
  if (open) return { mount: { ...mount, source: name }, node: related(open, node), unknown: { ...unknown, "/paths": describeVariables(names) } };
  const isBind = typeof flags?.value === "string" && flags.value.split(",").some((flag) => ["bind", "rbind"].includes(flag.trim()));
  if (!isBind || typeof device?.value !== "string") return { mount: { ...mount, source: name }, node, unknown };
  const bound: Mount = { ...mount, source: device.value, paths: spellPath(device.value, undefined), via: "driver_opts" };
  return { mount: bound, node: related(device, node), unknown: withHome(device.value, unknown) };
}

/** A value that stands elsewhere, with the place that uses it. */
function related(node: Node, user: Node): Node {
  return { ...node, related: [...(node.related ?? []), user.at] };
}

function listTmpfs(spec: MapNode): Placed[] {
  const single = scalarAt(spec, "tmpfs");
  const nodes = typeof single?.value === "string" ? [{ ...single, value: single.value }] : textsAt(spec, "tmpfs");
  return nodes.map((node) => {
    const [target = "", options = ""] = node.value.split(":");
    const mount = { key: target, type: "tmpfs", source: null, paths: [], target, readOnly: options.split(",").includes("ro"), propagation: "", via: "tmpfs" };
    return { mount, node, unknown: node.unknown === undefined ? {} : { "/target": describeVariables(node.unknown) } };
  });
}

const API_SOCKET = "/var/run/docker.sock";

/** Compose mounts the engine's own socket, writable. */
function readApiSocket(spec: MapNode): Placed[] {
  const node = child(spec, "use_api_socket");
  if (node === undefined || booleanAt(spec, "use_api_socket") !== true) return [];
  const mount = { key: API_SOCKET, type: "bind", source: API_SOCKET, paths: spellPath(API_SOCKET, undefined), target: API_SOCKET, readOnly: false, propagation: "rprivate", via: "use_api_socket" };
  return [{ mount, node, unknown: {} }];
}

/** Secrets and configs that are files of the host are bind mounts, read-only. */
function readGrants(spec: MapNode, model: MapNode, section: "secrets" | "configs"): Placed[] {
  return listAt(spec, section).flatMap((node): Placed[] => {
    const source = textAt(node, "source") ?? "";
    const file = scalarAt(model, section, source, "file");
    if (typeof file?.value !== "string" || file.value === "") return [];
    const folder = section === "secrets" ? "/run/secrets/" : "/";
    const given = textAt(node, "target") ?? source;
    const target = given.startsWith("/") ? given : folder + given;
    const unknown = file.unknown === undefined ? {} : { "/paths": describeVariables(file.unknown) };
    const mount = { key: target, type: "bind", source: file.value, paths: spellPath(file.value, undefined), target, readOnly: true, propagation: "rprivate", via: section.slice(0, -1) };
    return [{ mount, node: related(file, node), unknown: withHome(file.value, unknown) }];
  });
}

interface Lender {
  /** Null for a container that is not of this project. */
  readonly from: MapNode | null;
  readonly node: Node;
}

/** `SERVICE[:ro]` and `container:NAME[:ro]`. Compose does not hand a service's `:ro` on to the engine (5.6, as test/e2e/compose-live.test.ts sees): its mounts are lent as they are. */
function listLenders(spec: MapNode, model: MapNode, lent: readonly MapNode[]): Lender[] {
  const named = textsAt(spec, "volumes_from").map((node): Lender => {
    const foreign = node.value.startsWith("container:");
    const [name = ""] = (foreign ? node.value.slice("container:".length) : node.value).split(":");
    const from = foreign ? undefined : descend(model, "services", name);
    return { from: from?.kind === "map" ? from : null, node };
  });
  return [...named, ...lent.map((from) => ({ from, node: from }))];
}

function unseen(node: Node, why: string): Placed {
  const text = node.kind === "scalar" ? String(node.value) : "";
  const mount = { key: text, type: "volume", source: text, paths: [], target: "", readOnly: false, propagation: "", via: "volumes_from" };
  return { mount: { ...mount, target: text }, node, unknown: { "": `the mounts of ${text} ${why}` } };
}
