/** Patches of the compose files that containers were made from, by the fixer of `harden check`. */
import { type ComposeProject, deriveComposeContainers, listActiveProfiles, loadMade, type ReadFile, watchFiles } from "../../compose/index.ts";
import { HardenError } from "../../errors.ts";
import { type ComposeFiles, keyOfMadeBy, readMadeBy, splitFiles } from "../../facts/compose-labels.ts";
import { readDefaults, unknownDefaults } from "../../facts/engine-defaults.ts";
import type { Container } from "../../facts/model/container.ts";
import { lookUp } from "../../facts/resource.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import { type DerivedKinds, evaluatePolicies } from "../../policy/evaluate.ts";
import type { Report } from "../../policy/model/report.ts";
import { redactText } from "../../snapshot/redact.ts";
import { type ContainerFail, listContainerFails, toFinding } from "../findings.ts";
import { composeSubject } from "../fix/compose/subject.ts";
import { fixAll } from "../fix/fix-all.ts";
import { findingKey } from "../fix/model.ts";
import { renderDiff } from "../fix/unified-diff.ts";
import type { ComposePatch } from "../model.ts";
import { resourcesOf } from "../resources.ts";
import { isProjectName } from "./name.ts";

export interface PatchRequest {
  readonly report: Report;
  /** Containers and the daemon of the snapshot that the report was made from. */
  readonly kinds: DerivedKinds;
  readonly compiled: readonly CompiledPolicy[];
  /** Reads the host's files, each once, so that what is compared with what runs is what is patched; a text says why they are not at hand. */
  readonly files: ReadFile | string;
}

/** By project, those with findings that a compose file could put right. Also what may break a service is in a patch: a person reads it. */
export async function planPatches(request: PatchRequest): Promise<ComposePatch[]> {
  const containers = resourcesOf(request.kinds, "container");
  const projects = [...new Set(containers.flatMap(({ project }) => project ?? []))].sort();
  const patches = projects.map(async (name): Promise<ComposePatch | null> => {
    const own = containers.filter(({ project }) => project === name);
    const fails = listContainerFails(request.report).filter(({ resource }) => own.some(({ id }) => id === resource.id));
    if (fails.length === 0) return null;
    const patch = await patchOrReason(request, { name, containers: own, fails });
    return typeof patch === "string" ? { project: name, folder: null, patch: null, reason: patch, findings: [], left: [] } : patch;
  });
  return (await Promise.all(patches)).filter((patch) => patch !== null);
}

interface Live {
  readonly name: string;
  readonly containers: readonly Container[];
  readonly fails: readonly ContainerFail[];
}

async function patchOrReason(request: PatchRequest, live: Live): Promise<ComposePatch | string> {
  if (typeof request.files === "string") return request.files;
  if (!isProjectName(live.name)) return "its name is none that Compose gives";
  const by = findFiles(live.containers);
  if (typeof by === "string") return by;
  const { readFile, explain } = watchFiles(request.files, by, by.folder);
  try {
    return await patch(request, readFile, live, by);
  } catch (error) {
    if (error instanceof HardenError) return redactText(explain(error).reason);
    throw error;
  }
}

async function patch({ kinds, compiled }: PatchRequest, readFile: ReadFile, live: Live, by: ComposeFiles): Promise<ComposePatch | string> {
  const load = (read: ReadFile, workingDirectory: string): ComposeProject =>
    loadMade({ readFile: read, workingDirectory, project: live.name, made: by });
  const project = load(readFile, by.folder);
  // patch takes no name that leads out of the folder that it works in.
  const folder = project.files.some(({ file }) => file.startsWith("../")) ? "/" : by.folder;
  const [dockerd] = resourcesOf(kinds, "daemon");
  const defaults = dockerd === undefined ? unknownDefaults("the engine's settings were not read") : readDefaults(dockerd);
  const derive = (from: ComposeProject): readonly Container[] => deriveComposeContainers(from, defaults, listActiveProfiles(from, null)).resources;
  const difference = findDifference(live.containers, derive(project));
  if (difference !== null) return difference;
  const policies = compiled.filter(({ policy }) => policy.target === "container");
  const subject = composeSubject({
    readFile,
    load: (read) => load(read, folder),
    judge: (from) => {
      const resources = derive(from);
      return { results: evaluatePolicies(policies, { container: { resources, source: { status: "ok", detail: null } } }, () => ""), containers: resources };
    },
  });
  // Replicas of a service are one in the files.
  const services = new Map(live.containers.map(({ id, service }) => [id, `${live.name}/${service ?? ""}`]));
  const keyOf = (result: ContainerFail): string => findingKey({ ...result, resource: { ...result.resource, id: services.get(result.resource.id ?? "") ?? null } });
  const wanted = new Set(live.fails.map(keyOf));
  const { fixed, left, edits } = await fixAll({ ...subject, unsafe: true, isWanted: (finding) => wanted.has(findingKey(finding)) });
  const diff = [...edits].map(([file, changes]) => renderDiff(file, subject.texts.get(file) ?? "", changes, (line) => redactText(line) !== line)).join("");
  const closed = new Set(fixed.map(({ finding }) => findingKey(finding)));
  const reasons = new Map(left.map(({ finding, reason }) => [findingKey(finding), reason]));
  const found = {
    findings: live.fails.filter((result) => closed.has(keyOf(result))).map(toFinding),
    left: live.fails.filter((result) => !closed.has(keyOf(result))).map((result) => ({ finding: toFinding(result), reason: reasons.get(keyOf(result)) ?? "its files do not show it" })),
  };
  return diff === "" ? { project: live.name, folder: null, patch: null, reason: "nothing that its files say would put it right", ...found } : { project: live.name, folder, patch: diff, reason: null, ...found };
}

/** A text says why it cannot be told which files its containers were made from. */
function findFiles(containers: readonly Container[]): ComposeFiles | string {
  const told = new Map(containers.flatMap(({ labels }) => readMadeBy(labels) ?? []).map((madeBy) => [keyOfMadeBy(madeBy), madeBy]));
  if (told.size > 1) return "its containers were made from different compose files: have Compose make them all anew first";
  const [madeBy] = told.values();
  return madeBy === undefined ? "the labels of its containers name no compose file" : splitFiles(madeBy);
}

/** Files that have gone on since the containers were made are for a person to look at. */
function findDifference(running: readonly Container[], written: readonly Container[]): string | null {
  for (const { service, image } of running) {
    const other = written.find((one) => one.service === service && (one.role === "service" || one.role === "job"));
    if (other === undefined) return `its files have no service ${service ?? ""}, which runs`;
    const isKnown = !other.image.built && lookUp(other.unknown, "/image/reference") === undefined && lookUp(other.unknown, "/image") === undefined;
    if (isKnown && other.image.reference !== image.reference) return `its files have changed since it was made: ${service ?? ""} runs ${image.reference ?? "no image"}, and they name ${other.image.reference ?? "none"}`;
  }
  return null;
}
