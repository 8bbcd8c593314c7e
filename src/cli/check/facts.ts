/** Facts of what is given: the same resources that a live host gives. */
import { HardenError } from "../../errors.ts";
import type { ReadFile } from "../../compose/index.ts";
import type { FilePlace, Kind } from "../../facts/resource.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import type { JudgedInput } from "../../policy/model/report.ts";
import { fragmentOf } from "../../snapshot/fragment.ts";
import { tellSteps } from "../progress.ts";
import { familyOf } from "./classify.ts";
import { placeInDump } from "./dump-places.ts";
import type { CommentedFile } from "./comments.ts";
import type { FileInput, Input } from "./inputs.ts";

export interface CheckContext {
  readonly readFile: ReadFile;
  readonly workingDirectory: string;
  /** The caller's, those of --env among them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names that --env gives. */
  readonly given: readonly string[];
  readonly envFiles: readonly string[];
  /** Those that --compose-profile names; null where it is not given. */
  readonly profiles: readonly string[] | null;
}

/** The kinds that a type of input defines: only their policies are selected. */
export const KINDS_OF: Readonly<Record<Input["type"], readonly Kind[]>> = {
  compose: ["container", "network"],
  daemon: ["daemon"],
  sysctl: ["sysctl"],
  iptables: ["ruleset"],
};

export interface Judgeable {
  readonly kinds: DerivedKinds;
  /** What it is and what had a part in it; the first file is the one that names it for good. */
  readonly description: JudgedInput;
  /** By kind, with what ids begin: the project's name, which without `name:` is that of the folder that someone cloned into. */
  readonly prefixes: Readonly<Record<string, string>>;
  /** Files whose comments may hold waivers. */
  readonly commented: readonly CommentedFile[];
  /** The places that had a part in what an origin tells; where it is missing there are none. */
  readonly relatedTo?: (origin: FilePlace) => readonly FilePlace[];
}

/** Throws HardenError (or HardenErrors) for a file that cannot be parsed. */
export async function deriveFile(input: FileInput): Promise<Judgeable> {
  const description: JudgedInput = { name: input.file, type: input.type, files: [{ file: input.file, role: input.type }] };
  return { kinds: await deriveKinds(input), description, prefixes: {}, commented: [] };
}

async function deriveKinds({ type, file, text }: FileInput): Promise<DerivedKinds> {
  switch (type) {
    case "daemon":
      return { daemon: (await import("./daemon.ts")).deriveDaemonFile(file, text) };
    case "sysctl":
      return { sysctl: await deriveSysctls(file, text) };
    case "iptables":
      return { ruleset: await deriveDump(file, text) };
  }
}

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

async function deriveDump(file: string, text: string): Promise<NonNullable<DerivedKinds["ruleset"]>> {
  const [{ deriveRulesets }, { lowerRulesets, parseSave, RulesetError }] = await Promise.all([import("../../facts/ruleset.ts"), import("../../netfilter/index.ts")]);
  const family = familyOf(file, text);
  try {
    const dump = parseSave(text, family === "v4" ? 4 : 6);
    // What no kernel would load is refused before it is judged.
    lowerRulesets({ saves: [{ file: dump, backend: "nft", name: file }], nft: null, ipsets: null });
    if (dump.tables.length === 0) throw new HardenError("holds no table", { position: { file, line: 1 }, hint: "iptables-save prints what is meant" });
  } catch (error) {
    if (error instanceof RulesetError) throw new HardenError(error.message, { position: { file, line: error.line }, cause: error });
    throw error;
  }
  const dump = { backend: "nft", family, program: file, status: "ok", detail: null, text } as const;
  const derived = deriveRulesets(fragmentOf({ iptables: { status: "ok", detail: null, data: { dumps: [dump] } } }), tellSteps(`${file}: `));
  return { ...derived, resources: derived.resources.filter((resource) => resource.id === family).map((resource) => placeInDump(resource, file, text)) };
}
