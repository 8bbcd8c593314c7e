/** A limit as engines and Compose write it: zero and less stand for none. */
export function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}
