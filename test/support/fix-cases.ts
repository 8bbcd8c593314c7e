/** The pairs of test/fixtures/fix: a folder each with `command`, `before/`, the files of `after/` that are other ones, and what is `said`. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describePlan } from "../../src/cli/check/fix-messages.ts";
import { matchesGlob } from "../../src/policy/glob.ts";
import { type FixCase, runFix, type FixRun } from "./fix.ts";

const ROOT = fileURLToPath(new URL("../fixtures/fix", import.meta.url));

export interface FixPair {
  readonly name: string;
  readonly given: FixCase;
  /** Changed files by path. */
  readonly after: Readonly<Record<string, string>>;
  readonly said: string;
}

export function listPairs(): FixPair[] {
  return readdirSync(ROOT).sort().map((name) => {
    const words = readFileSync(join(ROOT, name, "command"), "utf8").trim().split(" ");
    const policies = words.filter((word) => /^(container|daemon|sysctl)-/.test(word));
    const given: FixCase = {
      files: readFolder(join(ROOT, name, "before")),
      paths: words.filter((word) => /\.(yaml|json|conf)$/.test(word)),
      unsafe: words.includes("--unsafe"),
      isWanted: ({ policy }) => policies.length === 0 || policies.some((glob) => matchesGlob(policy, glob)),
    };
    return { name, given, after: readFolder(join(ROOT, name, "after")), said: readFileSync(join(ROOT, name, "said"), "utf8") };
  });
}

export async function runPair({ given }: FixPair): Promise<{ after: Readonly<Record<string, string>>; said: string; run: FixRun }> {
  const run = await runFix(given);
  const files = [...run.edits].map(([file, edits]) => ({ file, before: given.files[file] ?? "", edits, after: run.files[file] ?? "" }));
  return { after: Object.fromEntries(run.texts), said: describePlan({ ...run, files }, new Set(run.edits.keys())), run };
}

function readFolder(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}
