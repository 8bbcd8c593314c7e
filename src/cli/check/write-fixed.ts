/** Writes a file that was fixed: whole or not at all, in the place of the one that was read. */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HardenError } from "../../errors.ts";
import { replaceFile } from "../../replace-file.ts";
import { describeSystemError, hintAccess } from "../read-text.ts";

/**
 * Replaces the text of a file, which keeps its mode and owner; of a symbolic link the file that it leads to is replaced. Throws HardenError if it cannot
 * be written, no longer holds the text `before`, or is marked read-only, which root could write to all the same.
 */
export function writeFixed(file: string, before: string, after: string): void {
  try {
    const path = realpathSync(file);
    const status = statSync(path);
    if ((status.mode & 0o222) === 0) throw new HardenError("is read-only and was not fixed", { position: { file }, hint: "make it writable, or let --diff print what would change" });
    const fresh = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
    replaceFile(path, fresh, markOf(file, path, before) + after, { mode: status.mode & 0o7777, owner: process.getuid?.() === 0 ? status : null });
  } catch (error) {
    if (error instanceof HardenError) throw error;
    throw new HardenError(`cannot be written: ${describeSystemError(error)}`, { position: { file }, cause: error, ...hintAccess(error) });
  }
}

const BYTE_ORDER_MARK = "\uFEFF";

/** The byte order mark of the file if what was read of it came without. */
function markOf(file: string, path: string, before: string): string {
  const present = readFileSync(path, "utf8");
  if (present === before) return "";
  if (present === BYTE_ORDER_MARK + before) return BYTE_ORDER_MARK;
  throw new HardenError("has changed since it was read and was not fixed", { position: { file }, hint: "run this again" });
}
