/** Known errors at a place of a compose file. */
import { HardenError, HardenErrors } from "../errors.ts";
import { placeOf, type Span } from "./source.ts";

/** More than a person would mend in one go. */
const MAX_ERRORS = 50;

export function faultAt(at: Span, message: string, hint?: string): HardenError {
  const { file, line, column } = placeOf(at);
  return new HardenError(message, hint === undefined ? { position: { file, line, column } } : { position: { file, line, column }, hint });
}

/** Something is named that the project does not hold: no fault where a part of it lies elsewhere and is not fetched. */
export class MissingPart extends HardenError {}

export function missingAt(at: Span, message: string): MissingPart {
  const { file, line, column } = placeOf(at);
  return new MissingPart(message, { position: { file, line, column } });
}

/** Throws what was found wrong, if anything: one error as itself, several together in the order in which they stand. */
export function throwFaults(faults: readonly HardenError[]): void {
  const [first] = faults;
  if (first === undefined) return;
  if (faults.length === 1) throw first;
  const listed = [...faults].sort(comparePositions).slice(0, MAX_ERRORS);
  const more = faults.length > MAX_ERRORS ? [new HardenError("and more errors, which are not listed", first.position === null ? {} : { position: { file: first.position.file } })] : [];
  throw new HardenErrors([...listed, ...more]);
}

/** Whether looking for more faults tells nobody anything. */
export function isEnough(faults: readonly HardenError[]): boolean {
  return faults.length > ENOUGH;
}

/** Those found first are not those that stand first. */
const ENOUGH = 1000;

function comparePositions({ position: a }: HardenError, { position: b }: HardenError): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
