/** Globs of waivers, parameters and `names`: `*` is any run of characters, `?` one; nothing else is special. Linear in the text. */
export function matchesGlob(text: string, glob: string): boolean {
  let at = 0;
  let globAt = 0;
  let starAt = -1;
  let resumeAt = 0;
  while (at < text.length) {
    if (globAt < glob.length && (glob[globAt] === "?" || (glob[globAt] === text[at] && glob[globAt] !== "*"))) {
      at++;
      globAt++;
    } else if (glob[globAt] === "*") {
      starAt = globAt++;
      resumeAt = at;
    } else if (starAt >= 0) {
      globAt = starAt + 1;
      at = ++resumeAt;
    } else {
      return false;
    }
  }
  while (glob[globAt] === "*") globAt++;
  return globAt === glob.length;
}

/** Whether it stands for more than the text that it is. */
export function hasWildcard(glob: string): boolean {
  return /[*?]/.test(glob);
}
