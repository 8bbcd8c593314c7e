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

/** `did you mean "x"?` if there is a near candidate, else the accepted ones listed. */
export function suggest(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === null ? `accepted: ${candidates.join(", ")}` : `did you mean "${near}"?`;
}

/** Levenshtein distance, two rows at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

const QUOTE_LIMIT = 60;

/** A value for a message: as JSON, cut short, and with nothing in it that a terminal would act upon. */
export function quote(value: unknown): string {
  const json = value === undefined ? "nothing" : JSON.stringify(value);
  return escapeInvisible(json.length > QUOTE_LIMIT ? `${json.slice(0, QUOTE_LIMIT)}…` : json);
}

/** Control and format characters (escape sequences, bidirectional marks) as \u{…}: text of strangers must not reach a terminal as it is. */
export function escapeInvisible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
