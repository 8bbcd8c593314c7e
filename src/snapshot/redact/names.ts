/** What a name says about its value: whether it is a credential's. */

/**
 * `certain`: whatever the value is, it is one (POSTGRES_PASSWORD). Otherwise only if the value looks drawn at random: a `key` or
 * `auth` is as often a column, a method or a fingerprint.
 */
export interface NameVerdict {
  readonly rule: string;
  readonly certain: boolean;
}

/** Judges `DB_PASSWORD`, `apiKey`, `spring.datasource.password`, `--auth-token`; null if the name is no credential's. */
export function judgeName(name: string): NameVerdict | null {
  let verdict = verdicts.get(name);
  if (verdict === undefined) {
    verdict = judgeUnseen(name);
    if (verdicts.size >= MAXIMUM_VERDICTS) verdicts.clear();
    verdicts.set(name, verdict);
  }
  return verdict;
}

/** Thousands of answers share a few hundred keys. */
const verdicts = new Map<string, NameVerdict | null>();
const MAXIMUM_VERDICTS = 10_000;

function judgeUnseen(name: string): NameVerdict | null {
  if (name.startsWith("/") || SHELL_FOLDERS.has(name)) return null;
  const words = splitWords(lastSegments(name));
  const at = words.findLastIndex((_, index) => certainRule(words, index) !== null);
  const rule = certainRule(words, at);
  if (rule === null) return judgeLastWord(words);
  const after = words.slice(at + 1);
  // Vault's development server takes its root token under this name.
  if (after.join() === "id") return { rule, certain: words[at - 1] === "root" };
  return after.some((word) => ABOUT.has(word)) ? null : { rule, certain: true };
}

/** Working directories in every shell, not what their name abbreviates elsewhere. */
const SHELL_FOLDERS = new Set(["PWD", "OLDPWD", "INIT_CWD"]);

/** In `traefik.http.routers.token.rule` only the last segment names the value; a number or a filler says nothing alone. */
function lastSegments(name: string): string {
  const segments = name.split(".").filter((segment) => segment !== "");
  while (segments.length > 1 && /^\d+$/.test(segments.at(-1) ?? "")) segments.pop();
  return segments.slice(/^(value|default|key)$/i.test(segments.at(-1) ?? "") ? -2 : -1).join(".");
}

/** camelCase, snake_case, kebab-case, acronyms; digits are dropped. */
function splitWords(name: string): string[] {
  return name
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
}

const CERTAIN: ReadonlyMap<string, string> = new Map([
  ["pwd", "password"],
  ["passcode", "password"],
  ["requirepass", "password"],
  ["masterauth", "password"],
  ["secrets", "secret"],
  ["tokens", "token"],
  ["creds", "credential"],
  ["authorization", "authorization"],
  ["connectionstring", "connection-string"],
]);

/** Also as the end of a word written in one: `mysqlpassword`, `authtoken`. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/(?:password|passwd|passphrase)$/, "password"],
  [/secret$/, "secret"],
  [/token$/, "token"],
  [/credentials?$/, "credential"],
  [/apikey$/, "api-key"],
  [/privatekey$/, "private-key"],
  [/accesskey$/, "access-key"],
  [/(?:secret|auth|master|signing|encryption|shared|account)key$/, "secret-key"],
];

/** What before `key` makes it a secret one. */
const KEY_RULES: ReadonlyMap<string, string> = new Map([
  ["api", "api-key"],
  ["private", "private-key"],
  ["access", "access-key"],
  ...["secret", "auth", "master", "signing", "encryption", "shared", "account", "hmac", "jwt"].map((word) => [word, "secret-key"] as const),
]);

function certainRule(words: readonly string[], at: number): string | null {
  const word = words[at];
  if (word === undefined) return null;
  const before = words[at - 1] ?? "";
  if (word === "tokens" && words.slice(0, at).some((other) => COUNTING.has(other))) return null;
  // PASS_MAX_DAYS and PASS_THROUGH are something else.
  if (word === "pass" && at === words.length - 1) return "password";
  if (word === "key" || word === "keys") return KEY_RULES.get(before) ?? null;
  if (word === "string" && before === "connection") return "connection-string";
  if (word === "auth" && before === "basic") return "password";
  if (word === "cookie" && before === "erlang") return "secret";
  return CERTAIN.get(word) ?? ENDINGS.find(([ending]) => ending.test(word))?.[1] ?? null;
}

/** Language models count tokens. */
const COUNTING = new Set(["max", "min", "num", "total", "count", "avg", "limit", "budget"]);

/** Words after the credential's own that make the name one of something about it: PASSWORD_FILE, TOKEN_TTL, SECRET_NAME. */
const ABOUT = new Set(
  `access address age alg algorithm allowed allowlist arn attempts attribute audience authentication backend bytes change changed class
  column complexity cost count decimals dir directory driver duration enable enabled encoder encoding endpoint env expiration expire
  expires expiry field file files format grant group hasher hashers hashing header helper hint history host image interval issuer label
  len length level lifetime limit lists location login manager max method min minutes mode mount name names namespace needed parameter
  path paths per permissions policy port prefix prompt provider ref reference region rejected required requirements reset retries role
  rotate rotation rounds rule scope scopes seconds server service size source stdin store strategy strength suffix symbol template
  timeout ttl type types ui updated uri url user username validation validator validators version`.split(/\s+/),
);

/** Names that are a credential's only with a value to match. A hash of a key, a public key, a table's key are none. */
const WEAK = new Set(["key", "keys", "auth", "salt", "pepper", "cookie", "signature", "sig", "seed", "pw", "webhook"]);
const PUBLIC_KEYS = new Set(
  `gpg pgp public pub publishable site host primary foreign sort partition cache index map object bucket routing sandbox trusted`.split(" "),
);

function judgeLastWord(words: readonly string[]): NameVerdict | null {
  const last = words.at(-1) ?? "";
  if (!WEAK.has(last) || words.slice(0, -1).some((word) => PUBLIC_KEYS.has(word))) return null;
  return { rule: last.startsWith("key") ? "secret-key" : "credential", certain: false };
}
