/** The text of our file of sysctl.d: every key with the policies that want it. */
import type { SysctlChange } from "../model.ts";

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly policies: string;
}

/** The file with the changes. What an earlier plan of ours set there stays, for the file is replaced as a whole. */
export function renderSysctlFile(present: string | null, changes: readonly SysctlChange[]): string {
  const entries = new Map(readEntries(present ?? "").map((entry) => [entry.key, entry]));
  for (const { key, after, policies } of changes) entries.set(key, { key, value: after, policies: policies.join(", ") });
  const sorted = [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return [HEADER, ...sorted.map(({ key, value, policies }) => `${policies === "" ? "" : `# ${policies}\n`}${key} = ${value}\n`)].join("");
}

const HEADER = "# Written by harden: what differed from the policies named above each key. Undone by harden rollback, or by the plan's rollback.sh.\n";

/** Assignments with the comment line right above each. */
function readEntries(text: string): Entry[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const [, key, value] = /^\s*([^#;=\s][^=\s]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined || value === undefined) return [];
    const above = lines[index - 1] ?? "";
    return [{ key, value, policies: `${above}\n` === HEADER ? "" : (/^# (.+)$/.exec(above)?.[1] ?? "") }];
  });
}
