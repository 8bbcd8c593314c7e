/** A snapshot that was saved, or that comes on standard input. */
import { basename } from "node:path";
import { HardenError } from "../errors.ts";
import type { Snapshot } from "../snapshot/model.ts";
import { say } from "./progress.ts";
import { describeSystemError, hintAccess } from "./read-text.ts";

/** `-` is standard input. What carries no time of its own has that of its reading. Throws HardenError with the position for what cannot be read. */
export async function loadSnapshot(file: string): Promise<Snapshot> {
  const { readSnapshot } = await import("../snapshot/read.ts");
  const name = file === "-" ? "standard input" : file;
  say(`reading ${name} …`);
  return readSnapshot(await readInput(file, name), name, new Date().toISOString());
}

/** What a host is called that does not say its name: as the file that was saved of it, without `.json`. Null for a pipe. */
export async function nameByFile(file: string): Promise<string | null> {
  if (file === "-" || !(await (await import("node:fs/promises")).stat(file)).isFile()) return null;
  return basename(file).replace(/\.json$/, "") || null;
}

async function readInput(file: string, name: string): Promise<string> {
  try {
    if (file === "-") return await (await import("node:stream/consumers")).text(process.stdin);
    return await (await import("node:fs/promises")).readFile(file, "utf8");
  } catch (cause) {
    throw new HardenError(`the snapshot cannot be read: ${describeSystemError(cause)}`, { position: { file: name }, cause, ...hintAccess(cause, file === "-" ? null : file) });
  }
}
