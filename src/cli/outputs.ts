/** `-o FORMAT[=FILE]`: parsing, and writing what was rendered. */
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HardenError } from "../errors.ts";
import { makeFolder } from "../folder.ts";
import { suggest } from "../text.ts";
import { describeSystemError, hintAccess } from "./read-text.ts";
import { writeOut } from "./streams.ts";

export interface Output<F extends string> {
  readonly format: F;
  /** Null is standard output. */
  readonly file: string | null;
}

/** None given is the console. Throws HardenError for an unknown format, an empty file name, and two on standard output. */
export function parseOutputs<F extends string>(values: readonly string[], formats: readonly F[], fallback: F): Output<F>[] {
  const outputs = values.length === 0 ? [{ format: fallback, file: null }] : values.map((value) => parseOutput(value, formats));
  const onStandardOutput = outputs.filter((output) => output.file === null);
  if (onStandardOutput.length > 1) {
    const names = onStandardOutput.map((output) => output.format).join(" and ");
    throw new HardenError(`-o ${names} would both go to standard output`, { hint: "give all but one a file: -o json=report.json" });
  }
  return outputs;
}

function parseOutput<F extends string>(value: string, formats: readonly F[]): Output<F> {
  const separator = value.indexOf("=");
  const name = separator < 0 ? value : value.slice(0, separator);
  const format = formats.find((candidate) => candidate === name);
  if (format === undefined) throw new HardenError(`"${name}" is no format of harden (-o ${value})`, { hint: suggest(name, formats) });
  const file = separator < 0 ? null : value.slice(separator + 1);
  if (file === "") throw new HardenError(`-o ${value} names no file`, { hint: `-o ${name} writes to standard output, -o ${name}=FILE to a file` });
  return { format, file };
}

/**
 * Writes one output. A regular file is replaced whole or not at all, with `mode` as far as the umask lets it; what is no regular file (a device, a pipe)
 * is written to. Throws HardenError if that cannot be done.
 */
export function writeOutput(file: string | null, text: string, mode = 0o666): void {
  if (file === null) {
    writeOut(text);
    return;
  }
  try {
    if (isSpecial(file)) writeFileSync(file, text);
    else replaceFile(file, text, mode);
  } catch (error) {
    throw new HardenError(`cannot be written: ${describeSystemError(error)}`, { position: { file }, cause: error, ...hintAccess(error) });
  }
}

function isSpecial(file: string): boolean {
  const status = statSync(file, { throwIfNoEntry: false });
  return status !== undefined && !status.isFile();
}

function replaceFile(file: string, text: string, mode: number): void {
  makeFolder(dirname(file));
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: "wx", mode });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
