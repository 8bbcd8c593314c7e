/** The journal's two files as data. */
import { HardenError } from "../../../errors.ts";
import { readDocument } from "../../read-document.ts";
import { Journal, JOURNAL_VERSION, type LogEntry, type OperationEvent, STATES } from "./model.ts";

/** Throws HardenError with file, line and column. */
export function parseJournal(text: string, file: string): Promise<Journal> {
  return readDocument<Journal>({
    name: "journal", schema: Journal, version: JOURNAL_VERSION, hint: "go back with the version of harden that wrote it: its tool.version tells which",
  }, text, file);
}

/** `size`: in bytes, of the whole lines. What follows the last line end was cut off by a crash and does not count. Throws HardenError. */
export function parseLog(text: string, file: string, count: number): { entries: LogEntry[]; size: number } {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const entries = whole.split("\n").slice(0, -1).map((line, index) => parseEntry(line, count, { file, line: index + 1 }));
  return { entries, size: Buffer.byteLength(whole) };
}

const EVENTS: readonly OperationEvent[] = ["started", "done", "undone", "left"];

function parseEntry(line: string, count: number, position: { file: string; line: number }): LogEntry {
  let entry: Partial<Record<"state" | "n" | "event" | "detail" | "at", unknown>> | null;
  try {
    entry = JSON.parse(line) as typeof entry;
  } catch (cause) {
    throw new HardenError("the journal's log is damaged: this line is no JSON", { position, hint: DAMAGED, cause });
  }
  const isState = STATES.some((state) => state === entry?.state);
  const isOperation = EVENTS.some((event) => event === entry?.event) && typeof entry?.n === "number" && Number.isInteger(entry.n) && entry.n >= 0 && entry.n < count;
  const isDetail = entry?.detail === null || typeof entry?.detail === "string";
  if (!(isState || isOperation) || !isDetail) throw new HardenError("the journal's log is damaged: this line tells no event", { position, hint: DAMAGED });
  return entry as LogEntry;
}

const DAMAGED = "journal.json beside it holds what was there before: put it back by hand, then move the folder away";
