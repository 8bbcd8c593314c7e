/** What a rule set is once `iptables-restore --noflush` has loaded a file into it: text in, text out. */
import { RulesetError } from "./errors.ts";
import type { Rule, SaveFile, Table } from "./model.ts";
import { parseSave } from "./parse.ts";
import { readHead } from "./parse/head.ts";
import { printRule } from "./print.ts";

/**
 * `dump` is what iptables-save prints (empty: nothing is loaded), `file` what is loaded. A chain that the file declares is emptied, or made; rules are appended, or
 * inserted at their place. Tables and chains that the file does not name stay as they are, to the byte. A new rule stands as the file spells it. Throws `RulesetError`
 * for what iptables-restore would not load.
 */
export function restoreOnto(dump: string, file: string, family: 4 | 6): string {
  const [before, added] = [parseSave(dump, family), parseSave(file, family)];
  const changed = added.tables.map((table) => ({ name: table.name, text: restoreTable(before.tables.find(({ name }) => name === table.name) ?? null, table, added) }));
  let text = dump;
  for (const { name, text: section } of changed) text = replaceSection(text, name, section);
  return text;
}

/** Chains of the kernel's own, by table (iptables(8)), in the order in which they are printed. */
const BUILTIN: Readonly<Record<string, readonly string[]>> = {
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  raw: ["PREROUTING", "OUTPUT"],
  security: ["INPUT", "FORWARD", "OUTPUT"],
};

interface Draft {
  /** The line that declares it. */
  declaration: string;
  readonly builtin: boolean;
  rules: string[];
}

function restoreTable(before: Table | null, added: Table, file: SaveFile): string {
  const drafts = new Map<string, Draft>();
  for (const name of before === null ? (BUILTIN[added.name] ?? []) : []) drafts.set(name, { declaration: `:${name} ACCEPT [0:0]`, builtin: true, rules: [] });
  for (const { name, policy, counters, rules, builtin } of before?.chains ?? []) {
    drafts.set(name, { declaration: `:${name} ${policy ?? "-"} [${counters?.packets ?? 0}:${counters?.bytes ?? 0}]`, builtin, rules: rules.map(printRule) });
  }
  for (const { name, policy, line } of added.chains) if (line !== null) declare(drafts, name, policy);
  for (const line of file.lines) if (line.kind === "rule" && line.rule.table === added.name) addRule(drafts, line.rule);
  // As both back ends list them: the kernel's own, then the others by name.
  const own = [...drafts].filter(([, { builtin }]) => builtin);
  const others = [...drafts].filter(([, { builtin }]) => !builtin).sort(([a], [b]) => (a < b ? -1 : 1));
  const all = [...own, ...others].map(([, draft]) => draft);
  return [`*${added.name}`, ...all.map(({ declaration }) => declaration), ...all.flatMap(({ rules }) => rules), "COMMIT"].map((line) => `${line}\n`).join("");
}

function declare(drafts: Map<string, Draft>, name: string, policy: string | null): void {
  const known = drafts.get(name);
  if (known?.builtin === true) {
    if (policy !== null) known.declaration = `:${name} ${policy} [0:0]`;
    return;
  }
  drafts.set(name, { declaration: `:${name} - [0:0]`, builtin: false, rules: [] });
}

function addRule(drafts: ReadonlyMap<string, Draft>, rule: Rule): void {
  const { chain, place, next } = readHead(rule.tokens, rule.line);
  const draft = drafts.get(chain);
  if (draft === undefined) throw new RulesetError(`there is no chain ${chain}`, rule.line);
  if (place !== null && place > draft.rules.length + 1) throw new RulesetError(`chain ${chain} has no place ${place} to insert at`, rule.line);
  draft.rules.splice(place === null ? draft.rules.length : place - 1, 0, ["-A", chain, ...rule.tokens.slice(next).map(({ raw }) => raw)].join(" "));
}

/** A table that is not there yet comes last. */
function replaceSection(dump: string, name: string, section: string): string {
  const lines = dump.split("\n");
  const start = lines.findIndex((line) => line.trim() === `*${name}`);
  if (start < 0) return `${dump}${dump === "" || dump.endsWith("\n") ? "" : "\n"}${section}`;
  const end = lines.findIndex((line, index) => index > start && line.trim() === "COMMIT");
  return [...lines.slice(0, start), ...section.trimEnd().split("\n"), ...lines.slice(end + 1)].join("\n");
}
