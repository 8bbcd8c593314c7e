/** Tells without reading a file whether it is still what it was. */
import { statSync } from "node:fs";
import { errorCode } from "./answer.ts";

/**
 * A text that is another one once the file is written, replaced, made or removed; links are followed. Two writes within one tick of the kernel's
 * clock (a few milliseconds) that leave the size alone it does not tell apart.
 */
export function stampFile(path: string): string {
  try {
    const status = statSync(path, { bigint: true });
    const own = [status.dev, status.ino];
    // What is in a folder does not matter.
    return (status.isDirectory() ? ["folder", ...own] : [...own, status.size, status.mtimeNs, status.ctimeNs]).join(" ");
  } catch (error) {
    return errorCode(error) ?? "EIO";
  }
}
