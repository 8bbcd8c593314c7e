/** Tells without reading a file whether it is still what it was. */
import { constants } from "node:fs";
import { errorCode } from "./answer.ts";
import { callFiles, type FileStats } from "./file-thread.ts";

/**
 * A text that is another one once the file is written, replaced, made or removed; links are followed. Two writes within one tick of the kernel's
 * clock (a few milliseconds) that leave the size alone it does not tell apart.
 */
export function stampFile(path: string): string {
  try {
    return printStamp(callFiles(path, "statSync", path, { bigint: true }));
  } catch (error) {
    return errorCode(error) ?? "EIO";
  }
}

/** The same of what stat(2) has said. What is in a folder does not matter. */
export function printStamp(stats: FileStats): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return (isOfType(stats, constants.S_IFDIR) ? ["folder", dev, ino] : [dev, ino, size, mtimeNs, ctimeNs]).join(" ");
}

/** `type` is one of S_IFREG, S_IFDIR … (inode(7)). */
export function isOfType({ mode }: FileStats, type: number): boolean {
  return (Number(mode) & constants.S_IFMT) === type;
}
