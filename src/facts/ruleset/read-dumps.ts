/** Dumps of a snapshot, parsed: what cannot be read or parsed makes the answers that hang on rules unknown. */
import { parseSave, RulesetError, type SaveFile } from "../../netfilter/index.ts";
import type { SaveDump, Snapshot } from "../../snapshot/model.ts";
import { judgeAbsence, whyFamilyUnseen } from "./absent-program.ts";

export type Family = "v4" | "v6";

/** A dump and what it says. */
export interface ReadDump {
  readonly dump: SaveDump;
  readonly file: SaveFile;
}

export interface ReadDumps {
  readonly files: readonly ReadDump[];
  /** Why other rules of the family are not among them: half a rule set is never judged as a whole one. Null if all are. */
  readonly unread: string | null;
  /** A program that is not installed and whose rules nothing else would show, if there were any. Null if there is none. */
  readonly unseen: string | null;
}

export function readDumps(family: Family, snapshot: Snapshot): ReadDumps {
  const files: ReadDump[] = [];
  let unread = whyFamilyUnseen(family, snapshot);
  let unseen: string | null = null;
  for (const dump of (snapshot.sources.iptables.data?.dumps ?? []).filter((one) => one.family === family)) {
    if (dump.status === "absent") {
      const absence = judgeAbsence(dump, snapshot);
      if (absence.status === "unread") unread = absence.reason;
      if (absence.status === "unseen") unseen = dump.program;
      continue;
    }
    const file = parseDump(dump);
    if (typeof file === "string") unread = file;
    else files.push({ dump, file });
  }
  return { files, unread, unseen };
}

const parsed = new WeakMap<SaveDump, SaveFile | string>();

/** What it says, or why that is not known. Read once: rules are judged as they stand, and walked. */
export function parseDump(dump: SaveDump): SaveFile | string {
  const { text, family, program, detail, status } = dump;
  const known = parsed.get(dump) ?? (text === null ? (detail ?? status) : parseText(text, family, program));
  parsed.set(dump, known);
  return known;
}

/** The file, or why it is none. */
export function parseText(text: string, family: Family, name: string): SaveFile | string {
  try {
    return parseSave(text, family === "v4" ? 4 : 6);
  } catch (error) {
    if (error instanceof RulesetError) return sayFault(error, name);
    throw error;
  }
}

/** `iptables-nft-save line 7: chain A is reached from itself by this jump`; `name` is what the text is called that was read. */
export function sayFault({ message, line, origin }: RulesetError, name: string): string {
  return `${origin ?? name}${line > 0 ? ` line ${String(line)}` : ""}: ${message}`;
}
