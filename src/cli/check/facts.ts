/** Facts of one input: the same resources that a live host gives. */
import { HardenError } from "../../errors.ts";
import type { ReadFile, UsedFile } from "../../compose/index.ts";
import type { FilePlace, Kind } from "../../facts/resource.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import { fragmentOf } from "../../snapshot/fragment.ts";
import { familyOf } from "./classify.ts";
import type { CommentedFile } from "./comments.ts";
import type { Input } from "./inputs.ts";

export interface CheckContext {
  readonly readFile: ReadFile;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly envFiles: readonly string[];
}

/** The kinds that a type of input defines: only their policies are selected. */
export const KINDS_OF: Readonly<Record<Input["type"], readonly Kind[]>> = {
  compose: ["container"],
  daemon: ["daemon"],
  sysctl: ["sysctl"],
  iptables: ["ruleset"],
};

export interface Judgeable {
  readonly kinds: DerivedKinds;
  /** Files that had a part, as messages name them. */
  readonly files: readonly string[];
  /** With which every id begins: the project's name, which without `name:` is that of the folder that someone cloned into. */
  readonly prefix: string;
  /** Files whose comments may hold waivers. */
  readonly commented: readonly CommentedFile[];
  /** The places that had a part in what an origin tells; where it is missing there are none. */
  readonly relatedTo?: (origin: FilePlace) => readonly FilePlace[];
}

/** Throws HardenError (or HardenErrors) for an input that cannot be parsed. */
export async function deriveInput(input: Input, context: CheckContext): Promise<Judgeable> {
  switch (input.type) {
    case "compose":
      return deriveCompose(input.from, context);
    case "daemon":
      return { kinds: { daemon: await deriveDaemonFile(input.file, input.text) }, files: [input.file], prefix: "", commented: [] };
    case "sysctl":
      return { kinds: { sysctl: await deriveSysctls(input.file, input.text) }, files: [input.file], prefix: "", commented: [] };
    case "iptables":
      return { kinds: { ruleset: await deriveDump(input.file, input.text) }, files: [input.file], prefix: "", commented: [] };
  }
}

/** Its files are kept as they were read: a second reading may find another text, and a pipe nothing. */
async function deriveCompose(from: Extract<Input, { type: "compose" }>["from"], context: CheckContext): Promise<Judgeable> {
  const { deriveComposeContainers, loadProject, relatedPlaces } = await import("../../compose/index.ts");
  const texts = new Map<string, string>();
  const readFile: ReadFile = (path) => {
    const found = context.readFile(path);
    if ("text" in found) texts.set(path, found.text);
    return found;
  };
  const project = loadProject({ ...context, readFile, from });
  const commented = project.files.flatMap(({ path, file, role }) =>
    ROLES_WITH_COMMENTS.includes(role) ? [{ file, text: texts.get(path) ?? "", lent: role === "extends" }] : []);
  return {
    kinds: { container: deriveComposeContainers(project) }, files: project.files.map(({ file }) => file), prefix: `${project.name}/`, commented, relatedTo: relatedPlaces,
  };
}

const ROLES_WITH_COMMENTS: readonly UsedFile["role"][] = ["compose", "override", "include", "extends"];

/** A line that sets nothing is skipped at boot, with a word in a log that nobody reads: whoever wrote it meant something. */
async function deriveSysctls(path: string, text: string): Promise<NonNullable<DerivedKinds["sysctl"]>> {
  const [{ deriveSysctlFile }, { listMalformedLines }] = await Promise.all([import("../../facts/sysctl/file.ts"), import("../../facts/boot/sysctl-conf.ts")]);
  const file = { path, text, error: null };
  const malformed = listMalformedLines(file);
  if (malformed.length > 0) {
    const { throwFaults } = await import("../../compose/fault.ts");
    throwFaults(malformed.map(({ line, column }) => new HardenError("sets no sysctl", { position: { file: path, line, column }, hint: "write KEY = VALUE; comments fill whole lines" })));
  }
  return deriveSysctlFile(file);
}

async function deriveDaemonFile(file: string, text: string): Promise<NonNullable<DerivedKinds["daemon"]>> {
  const [{ deriveDaemon }, { parseConfigFile }] = await Promise.all([import("../../facts/daemon.ts"), import("../../facts/daemon/config-file.ts")]);
  const { error } = parseConfigFile(file, text);
  if (error !== null) throw new HardenError(error);
  const configFile = { path: file, explicit: true, text, error: null, modifiedAt: null };
  const data = { pid: null, commandLine: null, startedAt: null, configFile, rootless: false, units: [], listeners: null };
  return deriveDaemon(fragmentOf({ daemon: { status: "ok", detail: null, data } }));
}

async function deriveDump(file: string, text: string): Promise<NonNullable<DerivedKinds["ruleset"]>> {
  const [{ deriveRulesets }, { parseSave, RulesetError }] = await Promise.all([import("../../facts/ruleset.ts"), import("../../netfilter/index.ts")]);
  const family = familyOf(file, text);
  try {
    parseSave(text, family === "v4" ? 4 : 6);
  } catch (error) {
    if (error instanceof RulesetError) throw new HardenError(error.message, { position: { file, line: error.line }, cause: error });
    throw error;
  }
  const dump = { backend: "nft", family, program: file, status: "ok", detail: null, text } as const;
  const derived = deriveRulesets(fragmentOf({ iptables: { status: "ok", detail: null, data: { dumps: [dump] } } }));
  return { ...derived, resources: derived.resources.filter((resource) => resource.id === family) };
}
