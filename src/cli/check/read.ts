/** Reads what `check` is given: named files with clear errors, and the files that those name for compose. */
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import type { FileText, ReadFile } from "../../compose/index.ts";
import { HardenError } from "../../errors.ts";
import { describeSystemError, readBytes, readText } from "../read-text.ts";

/** Beyond what any of these files is; 50 MB of YAML would take minutes. */
const MAXIMUM_BYTES = 32 * 1024 * 1024;
/** The name under which compose loads standard input. */
export const STANDARD_INPUT = "-";

/** Throws HardenError for what cannot be read, is no regular file, is too large or is not UTF-8. */
export async function readSource(path: string): Promise<string> {
  if (path === NO_FILE) return "";
  return path === STANDARD_INPUT ? readStandardInput() : readText(path, MAXIMUM_BYTES);
}

async function readStandardInput(): Promise<string> {
  const position = { file: "standard input" };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAXIMUM_BYTES) throw new HardenError(`is larger than ${MAXIMUM_BYTES / 1024 / 1024} MiB`, { position });
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new HardenError("is not UTF-8 text", { position, cause });
  }
}

/** Synchronous, since which file comes next follows from the last one. `standardInput` stands for the path `-` below the working directory. */
export function composeReader(workingDirectory: string, standardInput: () => string | null): ReadFile {
  return (path) => {
    const input = path === `${workingDirectory}/${STANDARD_INPUT}` ? standardInput() : null;
    return input === null ? readRegular(path) : { text: input };
  };
}

/** What one names for an env file that there is not. */
const NO_FILE = "/dev/null";

function readRegular(path: string): FileText {
  if (path === NO_FILE) return { text: "" };
  let descriptor: number;
  try {
    // Without O_NONBLOCK a pipe would wait for a writer.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const missing = typeof error === "object" && error !== null && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
    return { fault: missing ? "missing" : "unreadable", reason: describeSystemError(error) };
  }
  try {
    const status = fstatSync(descriptor);
    if (status.isDirectory()) return { fault: "folder", reason: "it is a folder" };
    if (!status.isFile()) return { fault: "unreadable", reason: "it is no regular file" };
    const bytes = status.size > MAXIMUM_BYTES ? null : readBytes(descriptor, MAXIMUM_BYTES);
    if (bytes === null) return { fault: "unreadable", reason: `it is larger than ${MAXIMUM_BYTES / 1024 / 1024} MiB` };
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    return { fault: "unreadable", reason: error instanceof TypeError ? "it is not UTF-8 text" : describeSystemError(error) };
  } finally {
    closeSync(descriptor);
  }
}

/** `--env NAME=value`. */
export function parseVariable(text: string): [string, string] {
  const separator = text.indexOf("=");
  if (separator <= 0) throw new HardenError(`--env ${text} sets no variable`, { hint: "write --env NAME=value" });
  return [text.slice(0, separator), text.slice(separator + 1)];
}
