/** Rules of the kernel's audit system as far as they watch files: auditctl(8), audit.rules(7). */

/** Of one rule that records, or keeps from being recorded, what is done with a file or with all below a folder. */
export interface AuditRule {
  readonly path: string;
  /** Of a folder it covers all below; of a path that it names by `-F path=` the file alone. */
  readonly below: boolean;
  readonly records: boolean;
  /** r, w, x, a. */
  readonly permissions: string;
}

/** Fields by which a rule still records what anybody of a session does. */
const HARMLESS = new Set(["path", "dir", "perm", "key", "arch", "auid"]);

/** In their order, as far as the kernel would have them after the whole text; what is no rule of a file is left out. */
export function parseAuditRules(text: string): AuditRule[] {
  let rules: AuditRule[] = [];
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/);
    const [option = "", argument = ""] = words;
    if (option === "-D") rules = [];
    else if (option === "-w") rules.push({ path: trimSlash(argument), below: true, records: true, permissions: valueOf(words, "-p") ?? "rwxa" });
    else if (option === "-W") rules = rules.filter(({ path }) => path !== trimSlash(argument));
    else if (option === "-a" || option === "-A") {
      const rule = parseFilter(words, argument.split(","));
      if (rule !== null) rules = option === "-A" ? [rule, ...rules] : [...rules, rule];
    }
  }
  return rules;
}

/** The first rule that names the file decides. `need` is one of the permissions that have to be recorded. */
export function isWatched(rules: readonly AuditRule[], spellings: readonly string[], need: string): boolean {
  const names = spellings.map(canonicalPath);
  const first = rules.find((rule) => names.some((name) => covers(rule, name)) && (!rule.records || rule.permissions.includes(need)));
  return first?.records === true;
}

function covers({ path, below }: AuditRule, name: string): boolean {
  const own = canonicalPath(path);
  return name === own || (below && name.startsWith(own === "/" ? "/" : `${own}/`));
}

/** A watch is on the file, not on its name: links that every distribution has (FHS 3.0; merged /usr). */
function canonicalPath(path: string): string {
  return path.replace(/^\/var\/run(?=\/|$)/, "/run").replace(/^\/lib(?=\/|$)/, "/usr/lib");
}

function parseFilter(words: readonly string[], list: readonly string[]): AuditRule | null {
  if (!list.includes("exit")) return null;
  const fields = words.flatMap((word, index) => (word === "-F" ? [words[index + 1] ?? ""] : [])).map((field) => /^([a-z0-9]+)(?:[!<>]?=|[<>&])(.*)$/.exec(field));
  const find = (name: string): string | undefined => fields.find((field) => field?.[1] === name)?.[2];
  const path = find("path") ?? find("dir");
  if (path === undefined || fields.some((field) => field === null || !HARMLESS.has(field[1] ?? ""))) return null;
  const calls = words.flatMap((word, index) => (word === "-S" ? [words[index + 1] ?? ""] : []));
  if (calls.some((call) => call !== "all")) return null;
  return { path: trimSlash(path), below: find("dir") !== undefined, records: list.includes("always"), permissions: find("perm") ?? "rwxa" };
}

function valueOf(words: readonly string[], option: string): string | undefined {
  const index = words.indexOf(option);
  return index < 0 ? undefined : words[index + 1];
}

function trimSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}
