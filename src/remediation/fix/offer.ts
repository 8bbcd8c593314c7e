/** For each finding the fix that would mend it by itself. */
import type { Result } from "../../policy/model/report.ts";
import { tryBatch } from "./batch.ts";
import { chooseBatch } from "./choose.ts";
import { findingKey, isFixable, type Proposal, type Read, type Tried } from "./model.ts";
import type { Texts } from "./text-edits.ts";

/** By `findingKey`; unsafe ones too. All of them are edits of the same texts. Throws HardenError for texts that cannot be read. */
export async function offerFixes(read: Read, texts: Texts, isWanted: (finding: Result) => boolean): Promise<ReadonlyMap<string, Tried>> {
  const reading = await read(texts);
  const proposals = reading.results.filter((result) => isFixable(result) && isWanted(result)).flatMap((finding) => {
    const proposal = reading.propose(finding);
    return typeof proposal === "string" ? [] : [proposal];
  });
  const offers = new Map<string, Tried>();
  let rest: readonly Proposal[] = proposals;
  while (rest.length > 0) {
    const { accepted, refused } = await tryBatch(read, reading, chooseBatch(rest), proposals);
    for (const one of accepted) offers.set(findingKey(one.proposal.finding), one);
    // What was refused while others held may hold without them.
    const settled = new Set(accepted.length > 0 ? accepted.map(({ proposal }) => proposal) : refused.keys());
    rest = rest.filter((proposal) => !settled.has(proposal));
  }
  return offers;
}
