/** The redactor for command lines: argument vectors, and the scripts that stand in them. */
import { takesNextWord } from "./assignments.ts";
import { marker } from "./marker.ts";
import { judgeName } from "./names.ts";
import { isKept } from "./plausible.ts";
import { secretFlagsOf, type SecretFlag } from "./programs.ts";
import { settle } from "./settle.ts";
import { redactText } from "./text.ts";
import { redactValue } from "./value.ts";

/**
 * Redacts an argument vector: `--password=x`, `--password x`, `PASSWORD=x`, `-psecret` of a program that takes it, and whatever stands
 * in a script. `before` are the words ahead of these, where the engine keeps them apart (Path before Args, Entrypoint before Cmd).
 */
export function redactCommand(words: readonly string[], before: readonly string[] = []): string[] {
  const once = redactWords(words, before);
  return once.every((word, index) => word === words[index]) ? once : redactWords(once, before);
}

/** Redacts a command as a shell reads it, which `sh -c` and CMD-SHELL hold in one word. Blanks and quotes stay as they were. */
export function redactScript(script: string): string {
  return settle(script, redactPieces);
}

function redactWords(words: readonly string[], before: readonly string[]): string[] {
  const step = startCommand(before);
  return words.map((word) => step(word, redactWord));
}

function redactPieces(script: string): string {
  let step = startCommand([]);
  return redactText(script).replace(PIECE, (piece) => {
    if (/^[|;&()\n]/.test(piece)) {
      step = startCommand([]);
      return piece;
    }
    if (/^\s/.test(piece)) return piece;
    const [, quote = "", word = ""] = /^(["']?)([\s\S]*)\1$/.exec(piece) ?? [];
    return `${quote}${step(word, (text) => text)}${quote}`;
  });
}

const PIECE = /[|;&()\n]+|[^\S\n]+|(?:[^\s"'|;&()]|"(?:\\.|[^"\\])*"|'[^']*'|["'])+/g;

type Step = (word: string, otherwise: (word: string) => string) => string;

/** Walks over the words of one command: a flag may say that the next word is a password. */
function startCommand(before: readonly string[]): Step {
  const seen: string[] = [];
  let flags: readonly SecretFlag[] = [];
  let pending: Pick<SecretFlag, "pair"> & { readonly rule: string } | null = null;
  const step: Step = (word, otherwise) => {
    const expected = pending;
    pending = null;
    if (expected !== null && !/^--?[a-z]/i.test(word)) return hide(word, expected.rule, expected.pair === true);
    const [flag, attached] = matchFlag(flags, word);
    if (flag !== null && attached !== "") return flag.flag + hide(attached, "password", flag.pair === true);
    pending = flag === null ? announce(word) : { rule: "password", pair: flag.pair === true };
    flags = secretFlagsOf(word, seen) ?? flags;
    seen.push(word);
    return otherwise(word);
  };
  for (const word of before) step(word, (text) => text);
  return step;
}

function redactWord(word: string): string {
  const [, head, name, value] = /^((?:--?)?([A-Za-z_][\w.-]*)=)([\s\S]*)$/.exec(word) ?? [];
  if (head !== undefined && name !== undefined && value !== undefined) {
    const redacted = redactValue(name, value);
    return head + (/\s/.test(redacted) ? redactScript(redacted) : redacted);
  }
  return /\s/.test(word) ? redactScript(word) : redactText(word);
}

function hide(word: string, rule: string, pair: boolean): string {
  const separator = pair ? word.search(/(?<!\[redacted):/) : -1;
  const secret = word.slice(separator + 1);
  if (isKept(secret) || (pair && separator < 0)) return word;
  return word.slice(0, separator + 1) + marker(rule);
}

function matchFlag(flags: readonly SecretFlag[], word: string): [SecretFlag, attached: string] | [null, ""] {
  for (const flag of flags) {
    if (word === flag.flag && flag.form !== "attached") return [flag, ""];
    if (flag.form !== "separate" && word.startsWith(flag.flag) && word.length > flag.flag.length) return [flag, word.slice(flag.flag.length)];
  }
  return [null, ""];
}

/** `--password` alone: the next word is its value. */
function announce(word: string): { readonly rule: string } | null {
  const [, dashes = "", name = ""] = /^(--?)([A-Za-z][\w.-]*)$/.exec(word) ?? [];
  const verdict = name === "" ? null : judgeName(name);
  return verdict?.certain === true && takesNextWord(dashes, name) ? { rule: verdict.rule } : null;
}
