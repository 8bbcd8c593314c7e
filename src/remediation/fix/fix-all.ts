/** Fixes all that can be: in rounds, each of which reads what the one before has made. */
import type { Result } from "../../policy/model/report.ts";
import { tryBatch } from "./batch.ts";
import { chooseBatch } from "./choose.ts";
import { combineRounds } from "./original.ts";
import { findingKey, isFixable, type Left, type Proposal, type Read, type Reading, type Tried } from "./model.ts";
import { applyEdits, joinEdits, type TextEdit, type Texts } from "./text-edits.ts";

export interface Fixing {
  readonly read: Read;
  readonly texts: Texts;
  /** Which findings are to be mended. */
  readonly isWanted: (finding: Result) => boolean;
  /** Also by what may break a running service. */
  readonly unsafe: boolean;
}

export interface Fixed {
  /** Texts that are other ones now. */
  readonly texts: Texts;
  /** Edits of the texts that were there first, by file, sorted. */
  readonly edits: ReadonlyMap<string, readonly TextEdit[]>;
  /** Findings that are no more, each with the file that was edited for it or, if it went along with another, one of those that were. */
  readonly fixed: readonly { readonly finding: Result; readonly file: string }[];
  /** Findings that only --unsafe may mend: whether it can was not tried. */
  readonly held: readonly Result[];
  readonly left: readonly Left[];
}

/** Ends when a whole pass has mended nothing: doing it again then changes nothing either. Throws HardenError for texts that cannot be read. */
export async function fixAll({ read, texts, isWanted, unsafe }: Fixing): Promise<Fixed> {
  const rounds: (readonly TextEdit[])[] = [];
  const files = new Map<string, string>();
  const first = await read(texts);
  let reading = first;
  for (;;) {
    const pass: Pass = { read, isWanted, unsafe, tried: new Set(), held: [], left: [] };
    const before = reading;
    for (;;) {
      const step = await takeStep(pass, reading);
      if (step === null) break;
      rounds.push(step.edits);
      for (const { proposal: { finding }, edits } of step.accepted) files.set(findingKey(finding), edits[0]?.file ?? "");
      reading = step.after;
    }
    if (reading === before) return { ...listEdits(texts, rounds), fixed: listFixed(first, reading, isWanted, files), held: pass.held, left: pass.left };
  }
}

/** Every finding is tried once in a pass. */
interface Pass extends Pick<Fixing, "read" | "isWanted" | "unsafe"> {
  readonly tried: Set<string>;
  readonly held: Result[];
  readonly left: Left[];
}

/** The next batch of which something holds; null when there is none. */
async function takeStep(pass: Pass, reading: Reading): Promise<{ edits: readonly TextEdit[]; accepted: readonly Tried[]; after: Reading } | null> {
  for (;;) {
    const proposals = listProposals(pass, reading);
    const batch = chooseBatch(proposals.filter(({ finding }) => !pass.tried.has(findingKey(finding))));
    if (batch.length === 0) return null;
    const { accepted, after, refused } = await tryBatch(pass.read, reading, batch, proposals);
    for (const { proposal } of accepted) pass.tried.add(findingKey(proposal.finding));
    for (const [{ finding }, reason] of refused) leave(pass, finding, reason);
    if (accepted.length > 0) return { edits: joinEdits(accepted.map(({ edits }) => edits)) ?? [], accepted, after };
  }
}

function listProposals(pass: Pass, reading: Reading): Proposal[] {
  return reading.results.filter((result) => isFixable(result) && pass.isWanted(result)).flatMap((finding) => {
    const seen = pass.tried.has(findingKey(finding));
    const proposal = pass.unsafe || mayBeSafe(finding) ? reading.propose(finding) : null;
    if (typeof proposal === "string") {
      if (!seen) leave(pass, finding, proposal);
      return [];
    }
    if (proposal !== null && (proposal.safe || pass.unsafe)) return [proposal];
    if (!seen) pass.held.push(finding);
    pass.tried.add(findingKey(finding));
    return [];
  });
}

/** Of most it is known before anything is worked out. */
function mayBeSafe({ remediation }: Result): boolean {
  if (remediation === null) return false;
  return "fix" in remediation ? remediation.fix.safe !== undefined : "safe" in remediation;
}

function leave(pass: Pass, finding: Result, reason: string): void {
  pass.tried.add(findingKey(finding));
  pass.left.push({ finding, reason });
}

function listFixed(first: Reading, last: Reading, isWanted: Fixing["isWanted"], files: ReadonlyMap<string, string>): Fixed["fixed"] {
  const open = new Set(last.results.filter(({ status }) => status === "fail" || status === "unknown").map(findingKey));
  const [anyFile = ""] = files.values();
  return first.results.filter((finding) => finding.status === "fail" && isWanted(finding) && !open.has(findingKey(finding))).map((finding) => {
    const own = finding.location?.file;
    const file = files.get(findingKey(finding)) ?? [...files.values()].find((edited) => edited === own) ?? anyFile;
    return { finding, file };
  });
}

function listEdits(texts: Texts, rounds: readonly (readonly TextEdit[])[]): Pick<Fixed, "texts" | "edits"> {
  const edits = new Map<string, readonly TextEdit[]>();
  const changed = new Map<string, string>();
  for (const file of new Set(rounds.flat().map((edit) => edit.file))) {
    const text = texts.get(file) ?? "";
    const combined = combineRounds(file, text, rounds.map((round) => round.filter((edit) => edit.file === file)));
    if (combined.length === 0) continue;
    edits.set(file, combined);
    changed.set(file, applyEdits(texts, combined).get(file) ?? text);
  }
  return { texts: changed, edits };
}
