/** The filter table of an iptables-save dump, line by line: enough for rules that come back as they were printed. */

export interface FilterTable {
  /** Policies by chain, `-` for chains that are not built in. */
  readonly policies: ReadonlyMap<string, string>;
  /** `-A CHAIN …` lines in order. */
  readonly rules: readonly string[];
}

/** The filter table of a dump without the counters of rules. No such table: no chains. */
export function readFilterTable(dump: string): FilterTable {
  const [table = ""] = /^\*filter\n(?:.*\n)*?COMMIT$/m.exec(dump) ?? [];
  const lines = table.split("\n");
  const heads = lines.filter((line) => line.startsWith(":")).map((line) => line.slice(1).split(" "));
  return { policies: new Map(heads.map(([chain = "", policy = ""]) => [chain, policy])), rules: lines.filter((line) => line.startsWith("-A ")) };
}

export function chainOf(rule: string): string {
  return rule.split(" ")[1] ?? "";
}

/** The chain that a rule hands packets to by -j or -g; null if it has none. */
export function targetOf(rule: string): string | null {
  const unquoted = rule.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return / -[jg] (\S+)/.exec(unquoted)?.[1] ?? null;
}
