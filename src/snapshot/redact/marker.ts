/** The marker that stands where a credential stood: its rule and nothing else, no hash, no prefix, no length. */

const MARKER = /\[redacted:([a-z][a-z0-9-]*)\]/;
const WHOLE = new RegExp(`^${MARKER.source}$`);

export function marker(rule: string): string {
  return `[redacted:${rule}]`;
}

export function isMarker(text: string): boolean {
  return WHOLE.test(text);
}

/** The rule of the first marker in a redacted text; null if nothing was redacted there. */
export function credentialRule(text: string): string | null {
  return MARKER.exec(text)?.[1] ?? null;
}
