/** Where the kernel shows a container more than the engine says that it has. */
import type { ProcessData, Snapshot } from "../../snapshot/model.ts";
import { decodeCapabilities } from "../capabilities.ts";
import type { Container } from "../model/container.ts";
import type { Part } from "../part.ts";
import { textAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import { hasOption, processPlace, type ContainerContext } from "./context.ts";

type Drift = Container["kernelDrift"][number];

/** What the engine's answer alone comes to. */
export interface Said {
  readonly granted: readonly string[];
  /** Names in /proc/PID/ns of the namespaces that are shared with the host; of others whether is not known. */
  readonly shared: ReadonlySet<string>;
  readonly open: ReadonlySet<string>;
  readonly seccomp: boolean;
}

/** Runtimes of the runc family: the first process is the container's own. Of one in a machine or a kernel of its own it is not. */
const PLAIN_RUNTIMES = ["", "runc", "io.containerd.runc.v2", "crun", "youki"];
const NAMESPACES: readonly (readonly [string, string])[] = [["net", "network namespace"], ["pid", "pid namespace"], ["ipc", "ipc namespace"], ["uts", "uts namespace"]];

/** One that does not run has no process. What could not be seen stands beyond the known elements of the list. */
export function deriveKernelDrift(
  inspect: unknown, process: ProcessData | null, said: Said, context: ContainerContext, source: Snapshot["sources"]["processes"],
): Part<Pick<Container, "kernelDrift">> {
  const status = textAt(inspect, "State", "Status");
  if (status !== "running" && status !== "paused") return { value: { kernelDrift: [] } };
  const runtime = textAt(inspect, "HostConfig", "Runtime") ?? "";
  if (!PLAIN_RUNTIMES.includes(runtime)) return unseen(`it runs under ${runtime}, and its first process is not the container's own`);
  if (process === null) return unseen(source.data === null ? (source.detail ?? source.status) : "its process is not among those of this machine that are proved to be its own");
  const found = [...listCapabilities(process, said), ...listNamespaces(process, said, context), ...checkSeccomp(process, said), ...checkMapping(inspect, process, context)];
  const origins: Record<string, Place> = Object.fromEntries(found.map(([, key], index) => [`/kernelDrift/${index}`, processPlace(process, key)]));
  const reasons = [explainUnread(process), explainUncompared(said, context)].filter((reason) => reason !== null);
  return {
    value: { kernelDrift: found.map(([drift]) => drift) },
    origins,
    ...(reasons.length === 0 ? {} : { unknown: { "/kernelDrift/-": reasons.join("; ") } }),
  };
}

/** Why its process is not known as a whole; null where it is. */
function explainUnread({ capBounding, seccomp, uidMap, namespaces, error }: ProcessData): string | null {
  const isWhole = capBounding !== null && seccomp !== null && uidMap !== null && NAMESPACES.every(([name]) => (namespaces[name] ?? null) !== null);
  return isWhole ? null : `its process could not be looked at as a whole: ${error ?? "unknown error"}`;
}

/** The host's namespaces that it is not meant to share, and that were not read; null where all were. */
function explainUncompared({ shared }: Said, { hostNamespaces }: ContainerContext): string | null {
  const missing = NAMESPACES.filter(([name]) => !shared.has(name) && (hostNamespaces?.[name] ?? null) === null).map(([, words]) => words);
  return missing.length === 0 ? null : `the host's own namespaces (${missing.join(", ")}) could not be read, to compare with`;
}

type Found = readonly [Drift, key: string];

function listCapabilities({ capBounding }: ProcessData, { granted }: Said): Found[] {
  const more = decodeCapabilities(capBounding ?? "0").filter((name) => !granted.includes(name));
  return more.map((name) => [{ key: `capability ${name}`, engine: "not granted", kernel: "in the bounding set" }, "status CapBnd"]);
}

function listNamespaces(process: ProcessData, { shared, open }: Said, { hostNamespaces }: ContainerContext): Found[] {
  return NAMESPACES.flatMap(([name, words]): Found[] => {
    const [own, host] = [process.namespaces[name] ?? null, hostNamespaces?.[name] ?? null];
    if (own === null || own !== host || shared.has(name) || open.has(name)) return [];
    return [[{ key: words, engine: "its own", kernel: "the host's" }, `ns/${name}`]];
  });
}

function checkSeccomp({ seccomp }: ProcessData, said: Said): Found[] {
  return seccomp === 0 && said.seccomp ? [[{ key: "seccomp", engine: "a profile", kernel: "no filter" }, "status Seccomp"]] : [];
}

/** A map of everything onto itself is none (user_namespaces(7)). */
function checkMapping(inspect: unknown, { uidMap }: ProcessData, context: ContainerContext): Found[] {
  const optsOut = textAt(inspect, "HostConfig", "UsernsMode") === "host";
  if (uidMap === null || optsOut || !hasOption(context, "userns") || !/^\s*0\s+0\s+4294967295\s*$/.test(uidMap)) return [];
  return [[{ key: "user mapping", engine: "remapped", kernel: "the host's users" }, "uid_map"]];
}

function unseen(reason: string): Part<Pick<Container, "kernelDrift">> {
  return { value: { kernelDrift: [] }, unknown: { "/kernelDrift": reason } };
}
