/** Reads a file that someone else wrote: regular, of bounded size, UTF-8. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, type Stats } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { HardenError } from "../errors.ts";
import { nearest, quote } from "../text.ts";

/**
 * The text of a file of at most `limit` bytes. `refuse` may turn the file down by what fstat says of the very file that is read, with
 * a reason. Throws HardenError if it cannot be read, is refused, is no regular file (a pipe would hang), is too large, or is not UTF-8.
 */
export function readText(file: string, limit: number, refuse: (stats: Stats) => string | null = () => null): string {
  const descriptor = openFile(file);
  try {
    const stats = fstatSync(descriptor);
    const reason = refuseKind(stats, limit) ?? refuse(stats);
    if (reason !== null) throw fail(file, reason);
    const bytes = attempt(file, () => readBytes(descriptor, limit));
    if (bytes === null) throw fail(file, describeLimit(limit));
    return decode(file, bytes);
  } finally {
    closeSync(descriptor);
  }
}

const CHUNK_BYTES = 64 * 1024;

/** What an open file holds; null if that is more than `limit` bytes, which the size of a file in /proc or of a growing one does not tell. */
export function readBytes(descriptor: number, limit: number): Buffer | null {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const count = readSync(descriptor, chunk);
    if (count === 0) return Buffer.concat(chunks);
    size += count;
    if (size > limit) return null;
    chunks.push(chunk.subarray(0, count));
  }
}

function attempt<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw fail(file, `cannot be read: ${describeSystemError(error)}`, error);
  }
}

function openFile(file: string): number {
  return attempt(file, () => openSync(file, constants.O_RDONLY | constants.O_NONBLOCK));
}

function refuseKind(stats: Stats, limit: number): string | null {
  if (stats.isDirectory()) return "is a folder, not a file";
  if (!stats.isFile()) return "is no regular file";
  return stats.size > limit ? describeLimit(limit) : null;
}

function describeLimit(limit: number): string {
  return `is larger than ${limit < 1024 * 1024 ? `${limit / 1024} KiB` : `${limit / 1024 / 1024} MiB`}`;
}

function decode(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw fail(file, "is not UTF-8 text", error);
  }
}

/** `no such file or directory`, in the system's words without the call and the path. */
export function describeSystemError(error: unknown): string {
  if (codeOf(error) === "EISDIR") return "it is a folder";
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z0-9]+: ([^,]+),/.exec(message)?.[1] ?? message;
}

/** What helps where the system refuses, and, of a `file` that someone named, where it is not there: nothing for any other trouble. */
export function hintAccess(error: unknown, file: string | null = null): { readonly hint?: string } {
  const code = codeOf(error);
  if (code === "ENOENT" && file !== null) return hintMissing(file);
  if (code === "EROFS") return { hint: "name a place that can be written" };
  if (code !== "EACCES" && code !== "EPERM") return {};
  return { hint: process.getuid?.() === 0 ? "root is refused as well: what keeps harden in, a container or its unit, decides" : "run harden as root (sudo harden …), or as a user who may" };
}

/** The name that is nearest, the folder that is missing as well, or from where was looked. */
function hintMissing(file: string): { readonly hint?: string } {
  const folder = dirname(file);
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    return codeOf(error) === "ENOENT" ? { hint: `there is no folder ${quote(folder)} either` } : {};
  }
  const near = nearest(basename(file), names);
  if (file !== "" && near !== null && near !== basename(file)) return { hint: `did you mean ${quote(join(folder, near))}?` };
  return isAbsolute(file) ? {} : { hint: `looked for from ${process.cwd()}` };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : null;
}

function fail(file: string, message: string, cause?: unknown): HardenError {
  return new HardenError(message, { position: { file }, cause, ...hintAccess(cause, file) });
}
