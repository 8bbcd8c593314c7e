/** A YAML file that was read: its value, and where each part of it stands. */
import { HardenError, HardenErrors, type Position } from "../errors.ts";
import { pointer, type FilePlace } from "../facts/resource.ts";

/** Keys and indexes from the root of a document to one of its parts. */
export type DocumentPath = readonly (string | number)[];

/** Where a value stands, and the key that it is the value of (null in a list and at the root). */
export interface PartPlace {
  readonly key: FilePlace | null;
  readonly value: FilePlace;
}

export interface YamlDocument {
  readonly file: string;
  readonly value: unknown;
  /** By JSON pointer. What an alias brings in is not listed: it stands where the alias stands. */
  readonly places: ReadonlyMap<string, PartPlace>;
}

/** Something wrong in a document: at the value of `path`, or at its key. */
export interface Fault {
  readonly path: DocumentPath;
  readonly part: "key" | "value";
  readonly message: string;
  readonly hint?: string;
}

const MAX_FAULTS = 50;

/** The place of a part, or of its nearest ancestor that has one. */
export function placeOf(document: YamlDocument, path: DocumentPath, part: Fault["part"] = "value"): FilePlace {
  for (let length = path.length; length >= 0; length--) {
    const place = document.places.get(pointer(path.slice(0, length)));
    if (place !== undefined) return (part === "key" ? place.key : null) ?? place.value;
  }
  return { file: document.file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** The faults of one document as errors with positions, in the order in which they stand, no more than a person would read. */
export function toErrors(document: YamlDocument, faults: readonly Fault[]): HardenError[] {
  const placed = faults.map((fault) => ({ fault, place: placeOf(document, fault.path, fault.part) }));
  placed.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  const errors = placed.slice(0, MAX_FAULTS).map(({ fault, place }) => toError(fault, place));
  if (faults.length > MAX_FAULTS) errors.push(new HardenError(`and ${faults.length - MAX_FAULTS} more errors`, { position: { file: document.file } }));
  return errors;
}

/** Throws what was found wrong: one error as itself, several together. */
export function throwErrors(errors: readonly HardenError[]): void {
  const [first, ...rest] = errors;
  if (first === undefined) return;
  throw rest.length === 0 ? first : new HardenErrors(errors);
}

function toError({ message, hint }: Fault, { file, line, column }: FilePlace): HardenError {
  const position: Position = { file, line, column };
  return new HardenError(message, hint === undefined ? { position } : { position, hint });
}
