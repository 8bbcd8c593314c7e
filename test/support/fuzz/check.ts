/** Files in memory through the whole of `harden check`, without the process around it. */
import { type HardenError, HardenErrors } from "../../../src/errors.ts";
import { FILE_TYPES, type FileType } from "../../../src/cli/check/classify.ts";
import type { Input } from "../../../src/cli/check/inputs.ts";
import { judgeInputs } from "../../../src/cli/check/judge.ts";
import { choosePolicies } from "../../../src/cli/judge-flags.ts";
import type { CompiledPolicy } from "../../../src/policy/compile.ts";
import type { Report } from "../../../src/policy/model/report.ts";
import { buildReport } from "../../../src/policy/report.ts";
import { readFrom } from "../compose/memory.ts";

export interface Given {
  readonly files: Readonly<Record<string, string>>;
  /** Names of the files to judge by type; those of compose are one project. */
  readonly judged: Readonly<Partial<Record<FileType, readonly string[]>>>;
}

let compiled: Promise<CompiledPolicy[]> | null = null;

/** Throws an Error that says what an answer lacks; whatever else is thrown is a fault of harden. */
export async function checkInMemory({ files, judged }: Given): Promise<Report> {
  compiled ??= choosePolicies({ profile: "strict" }, null, "check");
  const inputs = FILE_TYPES.flatMap((type): Input[] => {
    const names = judged[type] ?? [];
    if (type !== "compose") return names.map((file) => ({ type, file, text: files[file] ?? "", searched: false }));
    return names.length === 0 ? [] : [{ type, from: { files: names }, name: names[0] ?? "" }];
  });
  const context = { readFile: (path: string) => readFrom(files, path), workingDirectory: "/app", environment: { A: "1" }, given: [], envFiles: [], profiles: null };
  const { results, errors, complaints } = await judgeInputs(inputs, context, await compiled, true);
  for (const error of [...errors, ...complaints].flatMap(flatten)) requirePlace(files, error);
  for (const { location } of results) if (location !== null) requireWithin(files, location);
  const head = { tool: { name: "harden", version: "0" }, generatedAt: "2026-01-01T00:00:00.000Z", target: { kind: "files", name: "app" }, sources: [] };
  return buildReport(head, results);
}

function flatten(error: HardenError): readonly HardenError[] {
  return error instanceof HardenErrors ? error.errors.flatMap(flatten) : [error];
}

/** Where it is wrong, or within the message for daemon.json; what is not listed any more has only the file. */
function requirePlace(files: Given["files"], { message, position }: HardenError): void {
  if (position === null) {
    if (!/^\S+:\d+:\d+: /.test(message)) throw new Error(`without a place: ${message}`);
  } else requireWithin(files, position);
}

function requireWithin(files: Given["files"], { file, line, column }: { file: string; line?: number | undefined; column?: number | undefined }): void {
  const text = files[file];
  if (text === undefined) throw new Error(`there is no ${file}`);
  // YAML has more line ends than the others.
  const lines = text.split(file.endsWith(".yaml") ? /\r\n|[\n\r\u0085\u2028\u2029]/ : "\n");
  const length = lines[(line ?? 1) - 1]?.length;
  if (length === undefined || (column ?? 1) > length + 2 || (line ?? 1) < 1 || (column ?? 1) < 1) throw new Error(`${file} has no ${line ?? ""}:${column ?? ""}: ${JSON.stringify(lines[(line ?? 1) - 1])}`);
}
