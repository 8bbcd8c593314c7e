/** The JSON documents that harden writes and reads again: which one a text is that was taken for another. */
import { HardenError } from "./errors.ts";

type DocumentName = "snapshot" | "report" | "plan";

/** Keys that each has and the others have not, and what takes it. */
const DOCUMENTS: Readonly<Record<DocumentName, { readonly keys: readonly string[]; readonly taker: string }>> = {
  snapshot: { keys: ["collectedAt", "sources"], taker: "harden scan --snapshot" },
  report: { keys: ["generatedAt", "results"], taker: "harden report" },
  plan: { keys: ["policies", "steps"], taker: "harden apply" },
};

/** Throws HardenError, with the command that takes it, for another of harden's own documents than the wanted one. */
export function refuseOther(document: unknown, wanted: string, file: string): void {
  if (typeof document !== "object" || document === null) return;
  for (const [name, { keys, taker }] of Object.entries(DOCUMENTS)) {
    if (name === wanted || !keys.every((key) => Object.hasOwn(document, key))) continue;
    throw new HardenError(`is a ${name} of harden and no ${wanted}`, { position: { file }, hint: `${taker} ${file} takes it` });
  }
}
