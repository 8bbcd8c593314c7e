/** Reads a JSON document that harden wrote, whoever may have had it since: syntax, version and shape are checked here, and trusted elsewhere. */
import { refuseOther } from "../documents.ts";
import { HardenError } from "../errors.ts";
import { locateOffset, openPlaces, parseJsonTree } from "../json-tree.ts";
import { throwErrors } from "../policy/document.ts";
import { findSchemaFaults } from "../policy/validate.ts";
import { quote } from "../text.ts";

export interface DocumentKind {
  /** `plan`, `journal`. */
  readonly name: string;
  readonly schema: object;
  readonly version: string;
  /** The way out where it is no such document, or one of another version. */
  readonly hint: string;
}

/** Throws HardenError with file, line and column for text that is no JSON, of another version or of another shape. */
export async function readDocument<T>(kind: DocumentKind, text: string, file: string): Promise<T> {
  const document = await parse(kind, text, file);
  const version: unknown = typeof document === "object" && document !== null && "schemaVersion" in document ? document.schemaVersion : undefined;
  if (version === undefined) throw new HardenError(`this is no ${kind.name} of harden: it has no schemaVersion`, { position: { file }, hint: kind.hint });
  if (version !== kind.version) {
    throw new HardenError(`the ${kind.name} has schemaVersion ${quote(version)}; this harden reads "${kind.version}"`, { position: { file }, hint: kind.hint });
  }
  const { fitsSchema } = await import("./fits-schema.ts");
  if (!fitsSchema(kind.schema, document)) {
    refuseOther(document, kind.name, file);
    const faults = await findSchemaFaults(kind.schema, document);
    const locate = await openPlaces(text);
    throwErrors(faults.slice(0, MAXIMUM_ERRORS).map(({ path, message }) => new HardenError(`the ${kind.name} does not fit its schema: ${message}`, { position: { file, ...locate(path) }, hint: kind.hint })));
  }
  return document as T;
}

const MAXIMUM_ERRORS = 5;

async function parse({ name, hint }: DocumentKind, text: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (cause) {
    const { fault } = await parseJsonTree(text);
    const position = { file, ...locateOffset(text, fault?.offset ?? text.length) };
    throw new HardenError(`the ${name} is no JSON: ${fault?.what ?? "syntax error"}`, { position, hint, cause });
  }
}
