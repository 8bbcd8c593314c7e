/** `--fix`, `--diff` and `--unsafe`: what they mean for what is printed. */
import type { Command } from "commander";
import { HardenError } from "../../errors.ts";
import type { Format } from "../../report/index.ts";
import type { Output } from "../outputs.ts";
import { STANDARD_INPUT } from "./read.ts";

export interface FixFlags {
  readonly fix?: boolean;
  readonly diff?: boolean;
  readonly unsafe?: boolean;
}

export function addFixFlags(command: Command): Command {
  return command
    .option("--fix", "edit the files, as far as no service can break by it")
    .option("--diff", "print what --fix would change, and change nothing")
    .option("--unsafe", "with either: also what may break a running service");
}

/** Whether edits of the files have to be worked out; where not, nothing of it is loaded. */
export function wantsFixes({ fix, diff }: FixFlags, outputs: readonly Output<Format>[]): boolean {
  return fix === true || diff === true || outputs.some(({ format }) => format === "sarif");
}

/**
 * A diff, or what standard input has become, has standard output to itself: the report on the console, where nobody asked for it, gives way. Throws
 * HardenError for a report that was asked for there, and for --unsafe alone.
 */
export function makeRoom(outputs: readonly Output<Format>[], asked: boolean, paths: readonly string[], { fix = false, diff = false, unsafe = false }: FixFlags): readonly Output<Format>[] {
  if (unsafe && !fix && !diff) throw new HardenError("--unsafe goes with --fix or --diff", { hint: "--diff --unsafe shows what it would do" });
  const taken = diff ? "--diff" : fix && paths.includes(STANDARD_INPUT) ? "--fix of standard input" : null;
  const [format] = outputs.flatMap((output) => (output.file === null ? [output.format] : []));
  if (taken === null || format === undefined) return outputs;
  if (!asked) return [];
  throw new HardenError(`-o ${format} and ${taken} would both go to standard output`, { hint: `give the report a file: -o ${format}=FILE` });
}
