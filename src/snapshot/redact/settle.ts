/**
 * Applies `redact` until nothing changes, so that redacting twice changes nothing whatever the text: a marker may lay bare an
 * assignment that was none before. Bounded for the sake of hostile texts; the second pass is nearly always the last.
 */
export function settle(text: string, redact: (text: string) => string): string {
  let current = text;
  for (let pass = 0; pass < MAXIMUM_PASSES; pass++) {
    const next = redact(current);
    if (next === current) return current;
    current = next;
  }
  return current;
}

const MAXIMUM_PASSES = 8;
