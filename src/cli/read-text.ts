/** Reads a file that someone else wrote: regular, of bounded size, UTF-8. */
import { open, type FileHandle } from "node:fs/promises";
import { constants, type Stats } from "node:fs";
import { HardenError } from "../errors.ts";

/**
 * The text of a file of at most `limit` bytes. `refuse` may turn the file down by what fstat says of the very file that is read, with
 * a reason. Throws HardenError if it cannot be read, is refused, is no regular file (a pipe would hang), is too large, or is not UTF-8.
 */
export async function readText(file: string, limit: number, refuse: (stats: Stats) => string | null = () => null): Promise<string> {
  const handle = await openFile(file);
  try {
    const stats = await handle.stat();
    const reason = refuseKind(stats, limit) ?? refuse(stats);
    if (reason !== null) throw fail(file, reason);
    return decode(file, await handle.readFile());
  } finally {
    await handle.close();
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw fail(file, `cannot be read: ${describeSystemError(error)}`, error);
  }
}

function refuseKind(stats: Stats, limit: number): string | null {
  if (stats.isDirectory()) return "is a folder, not a file";
  if (!stats.isFile()) return "is no regular file";
  return stats.size > limit ? `is larger than ${limit / 1024} KiB` : null;
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
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z]+: ([^,]+),/.exec(message)?.[1] ?? message;
}

function fail(file: string, message: string, cause?: unknown): HardenError {
  return new HardenError(message, { position: { file }, cause });
}
