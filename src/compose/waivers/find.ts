/** `# harden:ignore ID[,ID] -- reason` in compose files: which policies it waives, and what it stands at. */
import type { HardenError } from "../../errors.ts";
import type { FilePlace } from "../../facts/resource.ts";
import { faultAt } from "../fault.ts";
import { createSource, lineOf, placeOf, type Source, unifyBreaks } from "../source.ts";
import { type Comment, listComments } from "./comments.ts";
import { type Construct, listConstructs } from "./constructs.ts";

export interface IgnoreComment {
  /** Ids or globs of policies. */
  readonly policies: readonly { readonly id: string; readonly place: FilePlace }[];
  readonly reason: string;
  readonly place: FilePlace;
  /** What it stands at, with all that is in it; null if nothing follows it. */
  readonly covers: FilePlace | null;
  /** The service whose entry it stands at, in whichever file the service's values are. */
  readonly service: string | null;
}

export interface IgnoreComments {
  readonly comments: readonly IgnoreComment[];
  readonly faults: readonly HardenError[];
}

const WORD = "harden:ignore";
const USAGE = `write # ${WORD} POLICY-ID[,POLICY-ID] -- why this is accepted`;

/**
 * A comment stands at what begins on its own line, else at what ends there, else at the next line on which something begins, whatever
 * its indentation. The text must be one that readDocuments takes; `file` is how messages name it.
 */
export function findIgnoreComments(given: string, file: string): IgnoreComments {
  const text = unifyBreaks(given);
  // Only whether to look at all: what is a comment, the tokens tell.
  const found = text.includes(WORD) ? listComments(text).flatMap(splitComment) : [];
  if (found.length === 0) return { comments: [], faults: [] };
  const source = createSource(file, text);
  const index = indexConstructs(listConstructs(text), source);
  const comments: IgnoreComment[] = [];
  const faults: HardenError[] = [];
  for (const comment of found) {
    const parsed = parseComment(comment, source);
    if ("message" in parsed) faults.push(parsed);
    else comments.push({ ...parsed, ...findTarget(comment, index, source) });
  }
  return { comments, faults };
}

const PATTERN = /(?<=^|[ \t])#[ \t]*harden:ignore(?![\w-])/g;

/** What of a comment is ours. Behind a value it may follow the words of others; alone on its line it begins with it, since else it may be a line that was commented out. */
function splitComment({ text, start, alone }: Comment): Comment[] {
  const marks = [...text.matchAll(PATTERN)].map(({ index }) => index);
  if (alone && marks[0] !== 0) return [];
  return marks.map((mark, at) => ({ text: text.slice(mark, marks[at + 1]), start: start + mark, alone }));
}

const HEAD = /^#[ \t]*harden:ignore/;
const SEPARATOR = /(?:^|[ \t])--(?:[ \t]|$)/;

function parseComment({ text, start }: Comment, source: Source): Pick<IgnoreComment, "policies" | "reason" | "place"> | HardenError {
  const at = { source, start, end: start + text.trimEnd().length };
  const headLength = HEAD.exec(text)?.[0].length ?? 0;
  const body = text.slice(headLength);
  const separator = SEPARATOR.exec(body);
  const list = separator === null ? body : body.slice(0, separator.index);
  const reason = separator === null ? "" : body.slice(separator.index + separator[0].length).trim();
  const policies = [...list.matchAll(/[^,\s]+/g)].map(({ 0: id, index }) => {
    const from = start + headLength + index;
    return { id, place: placeOf({ source, start: from, end: from + id.length }) };
  });
  if (policies.length === 0) return faultAt(at, `${WORD} names no policy`, USAGE);
  if (reason === "") return faultAt(at, `${WORD} gives no reason`, USAGE);
  return { policies, reason, place: placeOf(at) };
}

interface ConstructIndex {
  /** By the line on which they begin: the start of the first, the end of the furthest, the service of the first. */
  readonly begins: ReadonlyMap<number, Construct>;
  /** Lines on which something begins, ascending. */
  readonly lines: readonly number[];
  /** By the line on which it ends: the innermost of those that begin on an earlier one. */
  readonly ends: ReadonlyMap<number, Construct>;
}

function indexConstructs(constructs: readonly Construct[], source: Source): ConstructIndex {
  const begins = new Map<number, Construct>();
  const ends = new Map<number, Construct>();
  for (const construct of constructs) {
    const line = lineOf(source, construct.start);
    const first = begins.get(line);
    begins.set(line, first === undefined ? construct : { ...first, end: Math.max(first.end, construct.end) });
    // A block ends where the next line begins, which is not its own.
    const lastLine = lineOf(source, construct.end - 1);
    const outer = ends.get(lastLine);
    if (lastLine > line && (outer === undefined || lineOf(source, outer.start) < line)) ends.set(lastLine, construct);
  }
  return { begins, ends, lines: [...begins.keys()].sort((a, b) => a - b) };
}

function findTarget({ start, alone }: Comment, { begins, lines, ends }: ConstructIndex, source: Source): Pick<IgnoreComment, "covers" | "service"> {
  const line = lineOf(source, start);
  const target = begins.get(line) ?? (alone ? undefined : ends.get(line)) ?? begins.get(firstFrom(lines, line) ?? 0);
  return target === undefined ? { covers: null, service: null } : { covers: placeOf({ source, ...target }), service: target.service };
}

/** The first of ascending numbers that is not below `least`. */
function firstFrom(numbers: readonly number[], least: number): number | undefined {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return numbers[low];
}
