/** Reads small text files of the host: never a device or a pipe, never more than the limit. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import type { TextFile } from "../snapshot/model.ts";
import { errorCode } from "./answer.ts";

const MAXIMUM_BYTES = 1024 * 1024;

/** The file's text, or the code of the error. What is no regular file is EINVAL, what is too large EFBIG. */
export function readTextFile(path: string, maximum = MAXIMUM_BYTES): TextFile {
  try {
    // Opening a pipe without O_NONBLOCK would wait for a writer.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const status = fstatSync(descriptor);
      if (!status.isFile()) return { path, text: null, error: "EINVAL" };
      if (status.size > maximum) return { path, text: null, error: "EFBIG" };
      return { path, text: readFileSync(descriptor, "utf8"), error: null };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return { path, text: null, error: errorCode(error) ?? "EIO" };
  }
}
