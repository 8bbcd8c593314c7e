/** What a value says about itself: whether it can be a secret at all, and whether it looks like one. */
import { isMarker } from "./marker.ts";
import type { NameVerdict } from "./names.ts";

/** Whether a value under a name of that verdict is a credential. */
export function isCredential({ rule, certain }: NameVerdict, value: string): boolean {
  if (isKept(value) || SWITCH.test(value)) return false;
  if (!certain) return looksRandom(value) || isEncodedPair(value);
  return rule !== "connection-string" || !HOST.test(value);
}

/** Nothing to hide: empty, redacted already, a mask, or a reference to where the secret is. */
export function isKept(value: string): boolean {
  const plain = value.trim();
  return plain === "" || isMarker(plain) || MASK.test(plain) || REFERENCES.some((reference) => reference.test(plain));
}

const SWITCH = /^(?:true|false|yes|no|on|off|0|1|enabled?|disabled?|none|null|nil|undefined)$/i;
const HOST = /^[\w.-]+(?::\d+)?$/;
const MASK = /^(?:\*+|x{3,}|<[^<>]*>|\.{3})$/i;

const REFERENCES: readonly RegExp[] = [
  /^\$\{[A-Za-z_]\w*(?::?\?[^{}]*|:?[-=](?:\[redacted:[a-z0-9-]+\])?)?\}$/,
  // In lower case a `$` may well begin a password.
  /^\${1,2}[A-Z_][A-Z0-9_]*$/,
  /^\$\([\w./"]|^`[^`]*`$/,
  /^\{\{.*\}\}$/,
  /^%\(\w+\)s$/,
  // Base64 may begin with a slash: only folders that hold such files, or a file with an ending.
  /^(?:file:\/\/)?(?:\.{1,2}|~)?\/(?:run|var|etc|opt|home|root|usr|mnt|app|data|tmp|vault|secrets|certs|keys|config)\/[\w.@/:-]+$/,
  /^(?:file:\/\/)?(?:\.{1,2}|~)?(?:\/[\w@-][\w.@-]*)*\/[\w@-]+\.[a-z]{2,6}$/,
  /^[\w./-]+\.(?:pem|key|crt|cer|p12|pfx|jks|txt|json|ya?ml|env|conf|cfg)$/,
  /^(?:vault:|op:\/\/|ref\+|awssm:\/\/|sm:\/\/|secretref:|arn:aws[\w-]*:(?:secretsmanager|ssm):|ENC\[)/,
];

/** Drawn at random rather than written by a person: long, of letters and digits without a word's separators. UUIDs count. */
function looksRandom(value: string): boolean {
  const plain = value.replace(/^base64:/, "");
  if (UUID.test(plain)) return true;
  return /^[A-Za-z0-9+/_=-]{16,}$/.test(plain) && /[0-9]/.test(plain) && /[A-Za-z]/.test(plain) && !WORDS.test(plain) && bitsPerLetter(plain) >= 3;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** `scram-sha-256`, `my_session_v2`: words and numbers joined. */
const WORDS = /^(?:[A-Z]?[a-z]{2,}|[A-Z]{2,}|\d{1,4}|v\d)(?:[_-](?:[A-Z]?[a-z]{2,}|[A-Z]{2,}|\d{1,4}|v\d))*$/;

/** Shannon entropy of the text's own letters. */
function bitsPerLetter(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** `user:password` in base64, as docker's configuration holds it under `auth`. */
function isEncodedPair(value: string): boolean {
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(value)) return false;
  return /^[\x21-\x39\x3b-\x7e]+:[\x21-\x7e]+$/.test(Buffer.from(value, "base64").toString("latin1"));
}
