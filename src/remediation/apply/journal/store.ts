/** Journals on disk: /var/lib/harden/journal/ID/{journal.json, log, before.json, after.json}, for root alone. */
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, lstatSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { HardenError } from "../../../errors.ts";
import { readUptime } from "../clock.ts";
import { makeFolderDurably, writeDurably } from "../durable.ts";
import type { Journal, LogEntry, OperationEvent, State } from "./model.ts";
import { parseJournal, parseLog } from "./parse.ts";
import { readStatus, type Status } from "./status.ts";

export const JOURNALS = "/var/lib/harden/journal";

/** A journal that can be written on. */
export interface OpenJournal {
  readonly journal: Journal;
  readonly folder: string;
  /** As it is now. */
  readonly status: () => Status;
  readonly enter: (state: State, detail?: string | null) => void;
  readonly record: (n: number, event: OperationEvent, detail?: string | null) => void;
  readonly close: () => void;
}

const OWN = { mode: 0o600, uid: 0, gid: 0 };

/** Puts a new journal on disk. `before`: the report that the plan was made from, as JSON. Throws HardenError where it cannot, and then leaves none. */
export function createJournal(journal: Journal, before: string): OpenJournal {
  const folder = join(JOURNALS, journal.id);
  try {
    for (const path of [dirname(JOURNALS), JOURNALS, folder]) makeOwnFolder(path);
    writeDurably(join(folder, "before.json"), before, OWN);
    writeDurably(join(folder, "log"), "", OWN);
    // Last: a folder without it is no journal, and nothing was done.
    writeDurably(join(folder, "journal.json"), `${JSON.stringify(journal, null, 2)}\n`, OWN);
  } catch (cause) {
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    if (cause instanceof HardenError) throw cause;
    throw new HardenError(`the journal cannot be written to ${folder}: ${describe(cause)}`, { hint: "nothing was changed: without the journal there would be no way back", cause });
  }
  return openLog(journal, folder);
}

/** Throws HardenError for one that is not there, is damaged, or is of another version. */
export async function openJournal(id: string): Promise<OpenJournal> {
  const folder = join(JOURNALS, id);
  return openLog(await readJournal(folder), folder);
}

/** Keeps the report of the scan afterwards, as JSON. Throws HardenError. */
export function writeAfter({ folder }: OpenJournal, report: string): void {
  try {
    writeDurably(join(folder, "after.json"), report, OWN);
  } catch (cause) {
    throw new HardenError(`the report cannot be kept in ${folder}: ${describe(cause)}`, { cause });
  }
}

/** Ids, the oldest first. */
export function listJournals(): string[] {
  if (!existsSync(JOURNALS)) return [];
  return readdirSync(JOURNALS).filter((id) => existsSync(join(JOURNALS, id, "journal.json"))).sort();
}

/** A journal as it is, to look at. Throws as `openJournal` does. */
export async function lookAtJournal(id: string): Promise<{ readonly journal: Journal; readonly status: Status }> {
  const folder = join(JOURNALS, id);
  const journal = await readJournal(folder);
  return { journal, status: lookAtLog(journal) };
}

/** How far a run has come meanwhile: of its folder the log alone changes. Throws HardenError as `openJournal` does. */
export function lookAtLog(journal: Journal): Status {
  return readStatus(readLog(join(JOURNALS, journal.id), journal).entries, journal.operations.length);
}

/** By its log alone, whatever its journal.json is: how far it came, without its operations. Throws HardenError for a log that is damaged. */
export function lookAtLogOf(id: string): Pick<Status, "state"> {
  const file = join(JOURNALS, id, "log");
  return readStatus(parseLog(readText(file), file, Infinity).entries, 0);
}

/** What is written in it is trusted later: nobody but root may have been able to put it there. */
function makeOwnFolder(path: string): void {
  makeFolderDurably(path, 0o700);
  const status = lstatSync(path);
  if (!status.isDirectory() || status.uid !== 0 || (status.mode & 0o022) !== 0) {
    throw new HardenError(`${path} is not a folder that only root can write to`, { hint: "move it away; harden makes it anew" });
  }
}

function readJournal(folder: string): Promise<Journal> {
  const file = join(folder, "journal.json");
  return parseJournal(readText(file), file);
}

function readLog(folder: string, journal: Journal): { entries: LogEntry[]; size: number } {
  const file = join(folder, "log");
  return parseLog(readText(file), file, journal.operations.length);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new HardenError(`the journal cannot be read: ${describe(cause)}`, { position: { file }, cause });
  }
}

function openLog(journal: Journal, folder: string): OpenJournal {
  const { entries, size } = readLog(folder, journal);
  const descriptor = openSync(join(folder, "log"), "a");
  // A line that a crash cut off.
  if (fstatSync(descriptor).size > size) ftruncateSync(descriptor, size);
  const add = (entry: LogEntry): void => {
    append(descriptor, `${JSON.stringify(entry)}\n`);
    entries.push(entry);
  };
  const now = (): string => new Date().toISOString();
  return {
    journal,
    folder,
    status: () => readStatus(entries, journal.operations.length),
    enter: (state, detail = null) => { add({ at: now(), uptime: readUptime(), state, detail }); },
    record: (n, event, detail = null) => { add({ at: now(), n, event, detail }); },
    close: () => { closeSync(descriptor); },
  };
}

/** All of it or nothing. Throws HardenError. */
function append(descriptor: number, line: string): void {
  const { size } = fstatSync(descriptor);
  const bytes = Buffer.from(line);
  try {
    for (let start = 0; start < bytes.length;) start += writeSync(descriptor, bytes, start);
    fsyncSync(descriptor);
  } catch (cause) {
    ftruncateSync(descriptor, size);
    throw new HardenError(`the journal cannot be written: ${describe(cause)}`, { cause });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
