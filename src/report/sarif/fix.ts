/** A fix as SARIF has it (3.55 to 3.57): for each file what is deleted, and what is put in its place. */
import type { ArtifactChange, Fix as SarifFix } from "sarif";
import type { Fix, FixEdit } from "../../policy/model/fix.ts";
import { locateArtifact } from "./uri.ts";

export function describeFix({ safe, edits }: Fix): SarifFix {
  const files = [...new Set(edits.map(({ place: { file } }) => file))];
  const text = safe ? "What `harden check --fix` writes." : "What `harden check --fix --unsafe` writes. It may break the running service: look at what it needs first.";
  return { description: { text }, artifactChanges: files.map((file) => describeChange(file, edits.filter(({ place }) => place.file === file))) };
}

/** A region whose start is its end deletes nothing. */
function describeChange(file: string, edits: readonly FixEdit[]): ArtifactChange {
  return {
    artifactLocation: locateArtifact(file),
    replacements: edits.map(({ place: { line, column, endLine, endColumn }, text }) => ({
      deletedRegion: { startLine: line, startColumn: column, endLine, endColumn },
      ...(text === "" ? {} : { insertedContent: { text } }),
    })),
  };
}
