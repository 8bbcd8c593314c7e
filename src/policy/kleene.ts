/** Kleene's strong three-valued logic: what is not known stays unknown unless the rest decides. */

export type Kleene = true | false | "unknown";

/** Whether it holds of all; asked no further once it is decided. */
export function all<T>(items: readonly T[], valueOf: (item: T) => Kleene): Kleene {
  let value: Kleene = true;
  for (const item of items) {
    const one = valueOf(item);
    if (one === false) return false;
    if (one === "unknown") value = one;
  }
  return value;
}

/** Whether it holds of any; asked no further once it is decided. */
export function any<T>(items: readonly T[], valueOf: (item: T) => Kleene): Kleene {
  let value: Kleene = false;
  for (const item of items) {
    const one = valueOf(item);
    if (one === true) return true;
    if (one === "unknown") value = one;
  }
  return value;
}

export function not(value: Kleene): Kleene {
  return value === "unknown" ? "unknown" : !value;
}
