/** Two texts line by line. */

/** Lines with `  `, `- ` or `+ ` before them: a longest common subsequence stays, with three lines of it around each change and `…` between; what is left out at the ends has no sign. */
export function diffLines(before: string, after: string): string[] {
  const marked = mark(splitLines(before), splitLines(after));
  const near = marked.map((_, index) => marked.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((line) => !line.startsWith(" ")));
  return marked.flatMap((line, index) => (near[index] === true ? [line] : near[index - 1] === true && near.indexOf(true, index) > 0 ? ["…"] : []));
}

const CONTEXT = 3;

function splitLines(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** What both begin and end with is not compared: most changes are small, and the rest costs the product of what is left. */
function mark(before: readonly string[], after: readonly string[]): string[] {
  const most = Math.min(before.length, after.length);
  let [head, tail] = [0, 0];
  while (head < most && before[head] === after[head]) head++;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const same = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  const middle = markChanged(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return [...same(before.slice(0, head)), ...middle, ...same(before.slice(before.length - tail))];
}

function markChanged(before: readonly string[], after: readonly string[]): string[] {
  const lengths = measure(before, after);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && before[i] === after[j]) {
      lines.push(`  ${before[i] ?? ""}`);
      i++;
      j++;
    } else if (j >= after.length || (i < before.length && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      lines.push(`- ${before[i++] ?? ""}`);
    } else {
      lines.push(`+ ${after[j++] ?? ""}`);
    }
  }
  return lines;
}

/** `lengths[i][j]`: of the longest common subsequence of what follows line i of one and line j of the other. */
function measure(before: readonly string[], after: readonly string[]): number[][] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const skip = Math.max(lengths[i + 1]?.[j] ?? 0, lengths[i]?.[j + 1] ?? 0);
      const row = lengths[i] ?? [];
      row[j] = before[i] === after[j] ? (lengths[i + 1]?.[j + 1] ?? 0) + 1 : skip;
    }
  }
  return lengths;
}
