/** Dumps of a snapshot, parsed: what cannot be read or parsed makes the answers that hang on rules unknown. */
import { parseSave, RulesetError, type SaveFile } from "../../netfilter/index.ts";
import type { SaveDump } from "../../snapshot/model.ts";

export type Family = "v4" | "v6";

/** A dump and what it says. */
export interface ReadDump {
  readonly dump: SaveDump;
  readonly file: SaveFile;
}

export interface ReadDumps {
  readonly files: readonly ReadDump[];
  /** Why another dump of the family is not among them: half a rule set is never judged as a whole one. Null if all are. */
  readonly unread: string | null;
}

export function readDumps(family: Family, dumps: readonly SaveDump[]): ReadDumps {
  const files: ReadDump[] = [];
  let unread: string | null = null;
  for (const dump of dumps.filter((one) => one.family === family)) {
    const parsed = parseDump(dump);
    if (parsed === null) continue;
    if (typeof parsed === "string") unread = parsed;
    else files.push({ dump, file: parsed });
  }
  return { files, unread };
}

/** The parsed dump, the reason why there is none, or null for a back end that is not installed and so holds nothing. */
function parseDump(dump: SaveDump): SaveFile | string | null {
  if (dump.status === "absent") return null;
  if (dump.text === null) return dump.detail ?? dump.status;
  return parseText(dump.text, dump.family, dump.program);
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
