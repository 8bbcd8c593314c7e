/** glob(7) on paths, as sysctl.d(5) uses it: `*`, `?` and `[…]` match within one component, never a slash. */

export function hasGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

export function matchesPathGlob(path: string, glob: string): boolean {
  const parts = path.split("/");
  const globs = glob.split("/");
  return parts.length === globs.length && parts.every((part, index) => matchesPart(part, splitGlob(globs[index] ?? "")));
}

/** One character's test; null stands for `*`. */
type Token = ((character: string) => boolean) | null;

/** Backtracks to the last `*` only, so that no pattern makes it slow. */
function matchesPart(text: string, tokens: readonly Token[]): boolean {
  let at = 0;
  let tokenAt = 0;
  let starAt = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const token = tokens[tokenAt];
    if (token?.(text[at] ?? "") === true) {
      at++;
      tokenAt++;
    } else if (token === null) {
      starAt = tokenAt++;
      resumeAt = at;
    } else if (starAt >= 0) {
      tokenAt = starAt + 1;
      at = ++resumeAt;
    } else {
      return false;
    }
  }
  return tokens.slice(tokenAt).every((token) => token === null);
}

function splitGlob(glob: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < glob.length; at++) {
    const character = glob[at] ?? "";
    const set = character === "[" ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(glob.slice(at)) : null;
    if (set !== null) {
      const inverted = set[1] !== "";
      const members = listMembers(set[2] ?? "");
      tokens.push((candidate) => members(candidate) !== inverted);
      at += set[0].length - 1;
    } else if (character === "*") {
      tokens.push(null);
    } else {
      const literal = character === "\\" && at + 1 < glob.length ? (glob[++at] ?? "") : character;
      tokens.push(character === "?" ? () => true : (candidate) => candidate === literal);
    }
  }
  return tokens;
}

function listMembers(body: string): (character: string) => boolean {
  const ranges: [string, string][] = [];
  for (let at = 0; at < body.length; at++) {
    const from = body[at] ?? "";
    const isRange = body[at + 1] === "-" && at + 2 < body.length;
    ranges.push([from, isRange ? (body[at + 2] ?? "") : from]);
    if (isRange) at += 2;
  }
  return (character) => ranges.some(([from, to]) => character >= from && character <= to);
}
