/** A text that hangs on variables, as the redactor is asked about it. */
import { splitWords } from "../values/shell-words.ts";

export interface Readings {
  /** As it is shown, to be redacted. */
  readonly shown: string;
  /** What stands there whatever the variables hold. */
  readonly certain: string;
  /** What could stand there: a made-up credential in place of each variable. */
  readonly possible: string;
  /** Those without a value that it hangs on. */
  readonly variables: readonly string[];
}

/** Looks drawn at random, as what stands under a name such as KEY has to, and is no host's name. */
const PROBE = "Kq9+Xz2Lm8Tw5Vb7Nc4Rj6Hd3Fp0Gs1Y";
/** Stands for a reference while a text is split into words: blanks within the reference part none. */
const MARK = "\uE000";

/** A null text is a variable's and nothing else. */
export function readText(text: string | null, variables: readonly string[]): Readings {
  if (text === null) return { shown: "", certain: "", possible: PROBE, variables };
  if (variables.length === 0) return { shown: text, certain: text, possible: text, variables };
  return { shown: text, certain: replaceReferences(text, variables, ""), possible: replaceReferences(text, variables, PROBE), variables };
}

/** The words of a command that is written as one text. */
export function readCommand(text: string, variables: readonly string[]): Readings[] {
  return (splitWords(replaceReferences(text, variables, MARK)) ?? []).map((word) => {
    if (!word.includes(MARK)) return readText(word, []);
    return { shown: word.replaceAll(MARK, "${…}"), certain: word.replaceAll(MARK, ""), possible: word.replaceAll(MARK, PROBE), variables };
  });
}

function replaceReferences(text: string, variables: readonly string[], by: string): string {
  if (variables.length === 0) return text;
  let result = "";
  let copied = 0;
  for (const match of text.matchAll(/\$\{?([A-Za-z_]\w*)/g)) {
    if (match.index < copied || !variables.includes(match[1] ?? "")) continue;
    const end = match.index + match[0].length;
    result += text.slice(copied, match.index) + by;
    copied = match[0].startsWith("${") ? findClose(text, end) : end;
  }
  return result + text.slice(copied);
}

/** Behind the brace that closes the one before `from`. */
function findClose(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at + 1;
  }
  return text.length;
}
