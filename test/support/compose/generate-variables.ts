/** Values that hang on variables in every form of interpolation, most of which leave them as they are. */
import fc from "fast-check";

/** YAML of a value, with variables put into its quoted texts now and then. */
export function disguise(values: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(values, fc.oneof({ weight: 90, arbitrary: fc.constant(null) }, { weight: 36, arbitrary: fc.constantFrom(...WRAPPERS) }, { weight: 1, arbitrary: fc.constantFrom(...CHANGING) }), fc.nat(20)).map(([yaml, wrap, which]) => (wrap === null ? yaml : wrapOne(yaml, wrap, which)));
}

/** `%` stands for the text that was there. */
const WRAPPERS: readonly string[] = [
  "${NOPE:-%}", "${NOPE-%}", "${EMPTY:-%}", "${SET:+%}", "${SET+%}", "${EMPTY+%}", "${NOPE:-${NOPE2:-%}}", "${NOPE:-${SHARED:+%}}", "${EMPTY}%", "%${EMPTY}",
  "${NOPE:-%}${EMPTY}", "${DOT:+%}", "%${NOPE-}",
];

/** These change it, and a few are refused. */
const CHANGING: readonly string[] = [
  "${EMPTY-%}", "${EMPTY:+%}", "${SHARED}", "$SET", "${NUMBER}", "${FLAG}", "$$%", "${SET?no}%", "${REF}", "${NOPE}", "${NOPE:+%}", "${NOPE?why}", "${PORT:?}", "%$", "${1}",
];

/** Wraps the which-th double-quoted text. */
function wrapOne(yaml: string, wrap: string, which: number): string {
  const texts = [...yaml.matchAll(/"((?:[^"\\]|\\.)*)"/g)];
  const chosen = texts[which % Math.max(1, texts.length)];
  if (chosen === undefined) return yaml;
  const wrapped = wrap.replace("%", () => chosen[1] ?? "");
  return `${yaml.slice(0, chosen.index)}"${wrapped}"${yaml.slice(chosen.index + chosen[0].length)}`;
}
