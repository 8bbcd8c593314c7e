/** Reads a snapshot document: size, syntax, version and shape are checked here, and trusted everywhere else. */
import { HardenError, HardenErrors } from "../errors.ts";
import { locateOffset, openPlaces, parseJsonTree } from "../json-tree.ts";
import { SNAPSHOT_VERSION } from "./version.ts";
import type { Snapshot } from "./model.ts";

/** Throws HardenError with file, line and column for text that is empty, cut off, no JSON, of another version or of another shape. */
export async function readSnapshot(text: string, file: string): Promise<Snapshot> {
  if (text.trim() === "") throw new HardenError("the snapshot is empty", { position: { file }, hint: HOW_TO_MAKE });
  const document = await parseJson(text, file);
  const version: unknown = typeof document === "object" && document !== null && "schemaVersion" in document ? document.schemaVersion : undefined;
  if (version === undefined) throw new HardenError("this is no snapshot of harden: it has no schemaVersion", { position: { file }, hint: HOW_TO_MAKE });
  if (version !== SNAPSHOT_VERSION) {
    throw new HardenError(`the snapshot has schemaVersion ${JSON.stringify(version)}; this harden reads "${SNAPSHOT_VERSION}"`, {
      position: { file },
      hint: "take it again with this version of harden",
    });
  }
  return validate(document, text, file);
}

const HOW_TO_MAKE = "harden collect > FILE makes one";

async function parseJson(text: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (cause) {
    const { fault } = await parseJsonTree(text);
    const position = { file, ...locateOffset(text, fault?.offset ?? text.length) };
    const cut = fault !== null && fault.offset + fault.length >= text.trimEnd().length;
    throw new HardenError(cut ? "the snapshot is cut off: the JSON ends too early" : `the snapshot is no JSON: ${fault?.what ?? "syntax error"}`, {
      position, hint: HOW_TO_MAKE, cause,
    });
  }
}

const MAXIMUM_ERRORS = 5;

/** Of Ajv, compiled at build time from the model's schema. */
interface Check {
  (document: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null;
}

async function validate(document: unknown, text: string, file: string): Promise<Snapshot> {
  const check = (await import("../generated/check-snapshot.ts")).default as Check;
  if (check(document)) return document as Snapshot;
  const locate = await openPlaces(text);
  const errors = (check.errors ?? []).slice(0, MAXIMUM_ERRORS).map(({ instancePath, message }) => {
    const path = instancePath.split("/").slice(1).map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll("~1", "/").replaceAll("~0", "~")));
    return new HardenError(`the snapshot does not fit its schema: ${instancePath || "the document"} ${message ?? "is wrong"}`, { position: { file, ...locate(path) } });
  });
  throw new HardenErrors(errors);
}
