/** Kleene's strong three-valued logic: what is not known stays unknown unless the rest decides. */

export type Kleene = true | false | "unknown";

export function all(values: readonly Kleene[]): Kleene {
  if (values.includes(false)) return false;
  return values.includes("unknown") ? "unknown" : true;
}

export function any(values: readonly Kleene[]): Kleene {
  if (values.includes(true)) return true;
  return values.includes("unknown") ? "unknown" : false;
}

export function not(value: Kleene): Kleene {
  return value === "unknown" ? "unknown" : !value;
}
