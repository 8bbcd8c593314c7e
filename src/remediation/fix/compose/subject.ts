/** A compose project as something that can be fixed: read anew from edited texts, and compared with what it was. */
import type { ComposeProject, MapNode, Node, ReadFile } from "../../../compose/index.ts";
import type { Container } from "../../../facts/model/container.ts";
import { isFilePlace } from "../../../facts/resource.ts";
import type { Result } from "../../../policy/model/report.ts";
import type { Proposal, Read, Reading } from "../model.ts";
import type { Texts } from "../text-edits.ts";
import { compareModels, type Effect } from "./compare.ts";
import { type Definitions, findDefinitions } from "./definitions.ts";
import { type Changes, type HookPlace, proposeChange, proposeForHook, type Workload } from "./propose.ts";

export interface ComposeSource {
  /** Loads the project with a reader of files. */
  readonly load: (readFile: ReadFile) => ComposeProject;
  /** Reads what no edit has changed. */
  readonly readFile: ReadFile;
  readonly judge: (project: ComposeProject) => Judged;
}

export interface Judged {
  readonly results: readonly Result[];
  readonly containers: readonly Container[];
}

export function composeSubject(source: ComposeSource): { readonly read: Read; readonly texts: Texts } {
  const first = source.load(source.readFile);
  const texts = new Map(first.files.flatMap(({ path, file, role }) => (YAML_ROLES.includes(role) ? [[file, textOf(source.readFile, path)] as const] : [])));
  const fileOf = new Map(first.files.map(({ path, file }) => [path, file]));
  const read: Read = (edited) => {
    const project = edited === texts ? first : source.load((path) => {
      const text = edited.get(fileOf.get(path) ?? "");
      return text === undefined ? source.readFile(path) : { text };
    });
    return toReading(project, edited, source.judge(project));
  };
  return { read, texts };
}

const YAML_ROLES: readonly ComposeProject["files"][number]["role"][] = ["compose", "override", "include", "extends"];

function textOf(readFile: ReadFile, path: string): string {
  const found = readFile(path);
  return "text" in found ? found.text : "";
}

function toReading(project: ComposeProject, texts: Texts, judged: Judged): Reading {
  let definitions: Definitions | null = null;
  const containers = new Map(judged.containers.map((container) => [container.id, container]));
  const effects = new Map<Proposal, Effect>();
  const effectsOf = (proposals: readonly Proposal[]): Effect[] => proposals.flatMap((proposal) => effects.get(proposal) ?? []);
  const reading: Reading & { readonly model: MapNode } = {
    texts,
    results: judged.results,
    model: project.model,
    propose(finding) {
      const { remediation } = finding;
      const container = containers.get(finding.resource.id ?? "");
      if (remediation === null || !("fix" in remediation)) return "its policy says nothing that could be done";
      if (container?.service == null) return "nothing of it is written here";
      definitions ??= findDefinitions(project.files, texts);
      const group = `${container.role === "job" ? "jobs" : "services"}/${container.service}`;
      const workload = workloadOf(project.model, group, definitions, texts);
      const hook = findHook(container);
      const proposed = hook === null ? proposeChange(finding, remediation.fix, workload) : proposeForHook(finding, remediation.fix, workload, hook);
      if (typeof proposed === "string") return proposed;
      effects.set(proposed.proposal, { group, policy: finding.policy, changes: proposed.changes satisfies Changes });
      return proposed.proposal;
    },
    compare(after, made, open) {
      if (!("model" in after)) throw new Error("readings of different kinds cannot be compared");
      const is = (after as typeof reading).model;
      return compareModels({ before: project.model, after: is, made: effectsOf(made), open: effectsOf(open) });
    },
  };
  return reading;
}

/** Null for a service or job. Named as its service, then `KEY.INDEX`. */
function findHook({ role, name, origins }: Container): HookPlace | null {
  const place = origins[""];
  if ((role !== "hook" && role !== "pre_start") || place === undefined || !isFilePlace(place)) return null;
  const [key = "", index = ""] = (name.split("/").at(-1) ?? "").split(".");
  return { key, index: Number(index), place };
}

function workloadOf(model: MapNode, group: string, definitions: Definitions, texts: Texts): Workload {
  const [section = "", ...rest] = group.split("/");
  const holder = model.entries.get(section)?.value;
  const spec = holder?.kind === "map" ? holder.entries.get(rest.join("/"))?.value : undefined;
  return {
    group,
    spec: spec?.kind === "map" ? spec : { kind: "map", entries: new Map(), at: model.at },
    definitions: definitions.get(group) ?? [],
    hangsOnVariable: (node) => hangsOnVariable(node, texts),
  };
}

/** What was read from a file that is not at hand counts as if one had. */
function hangsOnVariable(node: Node, texts: Texts): boolean {
  const written = texts.get(node.at.source.file)?.slice(node.at.start, node.at.end) ?? "$";
  if (written.includes("$")) return true;
  if (node.kind === "scalar") return false;
  return (node.kind === "list" ? node.items : [...node.entries.values()].map(({ value }) => value)).some((inner) => hangsOnVariable(inner, texts));
}
