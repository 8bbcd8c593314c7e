/** Values that hang on variables in every form of interpolation, most of which leave them as they are. */
import fc from "fast-check";

export const ENVIRONMENT = { SET: "value", EMPTY: "", FLAG: "yes", NUMBER: "7", PORT: "8443", HOME: "/home/user", SHARED: "outer" };

/** What the project's `.env` may hold. */
export const DOTENV: readonly string[] = [
  ["DOT=dotted", "SHARED=inner", "QUOTED=\"a b\"", "REF=${SET}-${DOT}", "export EXPORTED=1", "# comment", "TRAIL=x # y"].join("\n"),
  "DOT='dotted'\r\nREF=${NOPE:-x}\r\nSHARED=\r\n",
  "DOT: yaml\nREF=\"${DOT}\"\nSET=no\n",
  "",
];

const OF_SERVICES = "FROMFILE=1\nSET2=${SET}\nA=file\nFILE_PASSWORD=hunter2\n";
export const ENV_FILES: Readonly<Record<string, string>> = {
  "sub/.env": "SHARED=sub\nONLYSUB=1\n", "sub/other.env": "SHARED=other\nOTHER=1\n", "sub/deeper/.env": "SHARED=deeper\n",
  ...Object.fromEntries(["", "base/", "base/deep/", "sub/", "sub/deeper/"].map((folder) => [`${folder}web.env`, OF_SERVICES])),
};

/** YAML of a value, with variables put into its quoted texts now and then. */
export function disguise(values: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(values, fc.oneof({ weight: 360, arbitrary: fc.constant(null) }, { weight: 144, arbitrary: fc.constantFrom(...WRAPPERS) }, { weight: 1, arbitrary: fc.constantFrom(...CHANGING) }), fc.nat(20)).map(([yaml, wrap, which]) => (wrap === null ? yaml : wrapOne(yaml, wrap, which)));
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
