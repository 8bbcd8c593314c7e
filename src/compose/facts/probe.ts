/** A text that hangs on variables as the redactor is asked about it: with nothing in their place, and with a credential. */

/** What stands there whatever the variables hold. */
export function withoutVariables(text: string | null, variables: readonly string[]): string {
  return text === null ? "" : replaceReferences(text, variables, "");
}

/** What could stand there: a made-up credential for each reference to one of these variables, or alone where there is no text. */
export function withProbes(text: string | null, variables: readonly string[]): string {
  return text === null ? PROBE : replaceReferences(text, variables, PROBE);
}

/** Looks drawn at random, as what stands under a name such as KEY has to, and is no host's name. */
const PROBE = "Kq9+Xz2Lm8Tw5Vb7Nc4Rj6Hd3Fp0Gs1Y";

function replaceReferences(text: string, variables: readonly string[], by: string): string {
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
