/** Reads a snapshot document: size, syntax, version and shape are checked here, and trusted everywhere else. */
import { refuseOther } from "../documents.ts";
import { HardenError, HardenErrors, type Position } from "../errors.ts";
import { locateOffset, openPlaces, parseJsonTree } from "../json-tree.ts";
import { fromCrictl, tellsCri } from "./crictl.ts";
import { splitJson } from "./json-stream.ts";
import { SNAPSHOT_VERSION } from "./version.ts";
import type { Raw, Snapshot } from "./model.ts";

/**
 * What harden collects, or what `crictl inspect`, `inspectp` and `inspecti` print, told apart by their content. The latter does not tell when it was asked: it is
 * taken to be so `now` (ISO 8601, UTC). Throws HardenError with file, line and column for text that is
 * empty, cut off, no JSON, of another version or of another shape.
 */
export async function readSnapshot(text: string, file: string, now: string): Promise<Snapshot> {
  if (text.trim() === "") throw new HardenError("the snapshot is empty", { position: { file }, hint: HOW_TO_MAKE });
  const documents = await parseDocuments(text, file);
  const answers = documents.flatMap(({ value, offset }) => [value].flat().map((answer: unknown) => ({ answer, offset })));
  if (answers.some(({ answer }) => tellsCri(answer))) return readCrictl(answers.map(({ answer, offset }) => requireCri(answer, () => ({ file, ...locateOffset(text, offset) }))), file, now);
  const [first] = documents;
  if (first === undefined || documents.length > 1) throw new HardenError("the text holds several JSON documents, and they are no answers of crictl inspect", { position: { file }, hint: HOW_TO_MAKE });
  const document = first.value;
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

const HOW_TO_MAKE = "harden collect > FILE makes one; what crictl inspect prints is taken too";

/** Pods and images alone would look like a host without containers, on which nothing can be wrong. */
function readCrictl(answers: readonly Raw[], file: string, now: string): Snapshot {
  const snapshot = fromCrictl(answers, now);
  if (snapshot.sources.containers.data?.length !== 0) return snapshot;
  throw new HardenError("what crictl printed tells of no container", { position: { file }, hint: "add what crictl inspect $(crictl ps -aq) prints" });
}

function requireCri(answer: unknown, locate: () => Position): Raw {
  if (tellsCri(answer)) return answer;
  throw new HardenError("not all that was given are answers of crictl inspect, inspectp and inspecti: this is none", { position: locate(), hint: "lists as crictl ps prints them tell too little" });
}

interface Document {
  readonly value: unknown;
  readonly offset: number;
}

/** One document, or several one after another. */
async function parseDocuments(text: string, file: string): Promise<readonly Document[]> {
  const whole = text.replace(/^\uFEFF/, " ");
  const one = parse(whole);
  if (one !== undefined) return [{ value: one, offset: 0 }];
  const documents = splitJson(whole).map((part) => ({ ...part, value: parse(part.text) }));
  const broken = documents.findIndex(({ value }) => value === undefined);
  if (broken < 0) return documents;
  // Of one that is broken the parts are where it happens to be cut.
  const { text: part, offset } = documents[broken === 0 ? -1 : broken] ?? { text: whole, offset: 0 };
  const { fault } = await parseJsonTree(part);
  const isCut = fault !== null && fault.offset + fault.length >= part.trimEnd().length && offset + part.length >= whole.trimEnd().length;
  throw new HardenError(isCut ? "the snapshot is cut off: the JSON ends too early" : `the snapshot is no JSON: ${fault?.what ?? "syntax error"}`, {
    position: { file, ...locateOffset(text, offset + (fault?.offset ?? part.length)) }, hint: HOW_TO_MAKE,
  });
}

/** Undefined for text that is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
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
  refuseOther(document, "snapshot", file);
  const locate = await openPlaces(text);
  const errors = (check.errors ?? []).slice(0, MAXIMUM_ERRORS).map(({ instancePath, message }) => {
    const path = instancePath.split("/").slice(1).map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll("~1", "/").replaceAll("~0", "~")));
    return new HardenError(`the snapshot does not fit its schema: ${instancePath || "the document"} ${message ?? "is wrong"}`, { position: { file, ...locate(path) }, hint: "harden collect > FILE makes one" });
  });
  throw new HardenErrors(errors);
}
