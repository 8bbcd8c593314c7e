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

/** What a filter may ask and still be of files: the kernel takes these with `=` alone (audit_data_to_entry). */
const OF_FILES = new Set(["path", "dir", "perm", "key", "arch"]);
/** The user of a session; it is unset of what no login started. */
const LOGIN = new Set(["auid", "loginuid"]);
const UNSET = new Set(["-1", "unset", "4294967295"]);
const USERS = new Set([...LOGIN, "uid", "euid", "suid", "fsuid"]);
/** People's accounts begin here or below (UID_MIN of login.defs(5)). */
const FIRST_PERSON = 1000;

/**
 * In the order in which the kernel asks them, as it would have them after the whole text; what is no rule of a file is left out. There are none where
 * the text switches auditing off.
 */
export function parseAuditRules(text: string): AuditRule[] {
  let rules: AuditRule[] = [];
  let ofTasks: AuditRule[] = [];
  let enabled = "1";
  for (const line of text.split("\n")) {
    const words = splitWords(line);
    const [option = "", argument = ""] = words;
    if (option === "-D") [rules, ofTasks] = [[], []];
    else if (option === "-e") enabled = argument;
    else if (option === "-w") rules.push({ path: trimSlash(argument), below: true, records: true, permissions: valuesOf(words, "-p")[0] ?? "rwxa" });
    else if (option === "-W") rules = rules.filter(({ path }) => path !== trimSlash(argument));
    else if (option === "-a" || option === "-A") {
      const list = argument.split(",");
      const rule = parseFilter(words, list);
      if (rule === null) continue;
      if (list.includes("task")) ofTasks.push(rule);
      else rules = option === "-A" ? [rule, ...rules] : [...rules, rule];
    }
  }
  // The list `task` is asked when a process starts: of one that it leaves out no other rule is asked.
  return enabled === "0" ? [] : [...ofTasks, ...rules];
}

/** A value may stand right behind its option (getopt(3)). */
function splitWords(line: string): string[] {
  return line.trim().split(/\s+/).flatMap((word) => (/^-[aACFSWekpw]./.test(word) ? [word.slice(0, 2), word.slice(2)] : [word]));
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

interface Field {
  readonly name: string;
  readonly operator: string;
  readonly value: string;
}

/** Null: it neither watches files nor keeps others from it. */
function parseFilter(words: readonly string[], list: readonly string[]): AuditRule | null {
  const records = list.includes("always");
  const fields = valuesOf(words, "-F").map(parseField);
  const find = (wanted: string): string | undefined => fields.find(({ name }) => name === wanted)?.value;
  const path = find("path") ?? find("dir");
  const narrow = words.includes("-C") || valuesOf(words, "-S").some((call) => call !== "all");
  if (narrow || !(records ? isWatch(fields, list) && path !== undefined : isSilence(fields, list))) return null;
  return { path: trimSlash(path ?? "/"), below: path === undefined || find("dir") !== undefined, records, permissions: find("perm") ?? "rwxa" };
}

/** It records what anybody of a session does. */
function isWatch(fields: readonly Field[], list: readonly string[]): boolean {
  return list.includes("exit") && fields.every(({ name, operator, value }) =>
    LOGIN.has(name) ? (operator === ">=" && Number(value) <= FIRST_PERSON) || (operator === "!=" && UNSET.has(value)) : OF_FILES.has(name) && operator === "=");
}

/** It keeps from being recorded what people do, all or one of them; a program's exception is its own. */
function isSilence(fields: readonly Field[], list: readonly string[]): boolean {
  return list.includes("never") && (list.includes("exit") || list.includes("task")) && fields.every(({ name, operator, value }) =>
    USERS.has(name) ? !(LOGIN.has(name) && operator === "=" && UNSET.has(value)) : OF_FILES.has(name) && operator === "=");
}

function parseField(text: string): Field {
  const [, name = "", operator = "", value = ""] = /^(\w+)([!<>&]?=|[<>&])(.*)$/.exec(text) ?? [];
  return { name, operator, value };
}

function valuesOf(words: readonly string[], option: string): string[] {
  return words.flatMap((word, index) => (word === option ? [words[index + 1] ?? ""] : []));
}

function trimSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}
