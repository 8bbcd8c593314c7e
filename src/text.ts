/** Small helpers for words that a user reads. */

/** The candidate nearest to `word` by edit distance, if near enough to be meant; else null. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The words of a name like `CloseBraceExpected`, as jsonc-parser calls what is wrong with a text. */
export function spellOut(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

/** `1 check`, `2 checks`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

/** Sorts by code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** More than this nobody reads through: containers may be thousands. */
const LISTED = 40;

/** `did you mean "x"?` if there is a near candidate, else the accepted ones listed, of many the first. */
export function suggest(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  if (near !== null) return `did you mean "${near}"?`;
  const more = candidates.length - LISTED;
  return `accepted: ${candidates.slice(0, LISTED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Edits that lead from one word to the other; swapping two neighbours is one. Three rows at a time. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] && i > 1 && j > 1;
      const swap = isSwap ? (beforePrevious[j - 2] ?? 0) + 1 : Infinity;
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution, swap));
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

const QUOTE_LIMIT = 60;

/** A value for a message: as JSON, cut short, and with nothing in it that a terminal would act upon. */
export function quote(value: unknown): string {
  // What JSON has no word for: undefined, NaN, infinity.
  const isWordless = value === undefined || (typeof value === "number" && !Number.isFinite(value));
  const json = isWordless ? String(value) : JSON.stringify(value);
  return escapeInvisible(json.length > QUOTE_LIMIT ? `${json.slice(0, QUOTE_LIMIT)}…` : json);
}

/**
 * Characters that a terminal acts upon or does not show, as \u{…}: controls (line breaks too), bidirectional and other format marks,
 * lone surrogates, what is never shown, and combining marks beyond those that any script stacks. Text of strangers must not
 * reach a terminal as it is.
 */
export function escapeInvisible(text: string): string {
  // Most text is plain, and what is below is slow to compile and to run.
  if (!/[^ -~]/.test(text)) return text;
  return text.replace(INVISIBLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The two variation selectors that emoji carry stay. */
const INVISIBLE = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]--[\ufe0e\ufe0f]]|(?<=\p{M}{4})\p{M}/gv;
