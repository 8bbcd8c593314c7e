/** Reads what `ipset save` prints: the contents of the sets that -m set refers to. */
import { RulesetError } from "./errors.ts";

export interface IpSet {
  readonly name: string;
  /** As `hash:ip`. */
  readonly type: string;
  /** Null for types without one (`bitmap:port`, `list:set`). */
  readonly family: 4 | 6 | null;
  /** What a set of addresses keeps of them: a prefix length (netmask) or a mask (bitmask); null: all. */
  readonly mask: number | string | null;
  readonly line: number;
  readonly members: readonly SetMember[];
}

export interface SetMember {
  /** As `10.0.0.0/8,tcp:80`; for `list:set` the name of a set. */
  readonly entry: string;
  /** The entry is an exception from a wider one. */
  readonly nomatch: boolean;
  readonly line: number;
}

/** The sets in the order of the text. Throws `RulesetError` for a line that is neither create nor add, or adds to an unknown set. */
export function parseIpsets(text: string): readonly IpSet[] {
  const sets = new Map<string, { readonly set: Omit<IpSet, "members">; readonly members: SetMember[] }>();
  for (const { number, words } of readStatements(text)) {
    if (words.startsWith("create ")) {
      const set = readCreate(words, number);
      if (sets.has(set.name)) throw new RulesetError(`set ${set.name} is created twice`, number);
      sets.set(set.name, { set, members: [] });
    } else {
      const { name, member } = readAdd(words, number, sets);
      sets.get(name)?.members.push(member);
    }
  }
  return [...sets.values()].map(({ set, members }) => ({ ...set, members }));
}

/** `words` without the later lines of a comment. */
interface Statement {
  readonly number: number;
  readonly words: string;
}

/** The statements with the line on which each begins. A quoted comment may hold line breaks, but no quotes. */
function* readStatements(text: string): Generator<Statement> {
  let open: Statement | null = null;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const comment = open === null ? line.split(/ comment "/)[1] : line;
    open ??= { number: index + 1, words: line };
    if (comment !== undefined && !comment.includes('"')) continue;
    if (open.words.trim() !== "") yield open;
    open = null;
  }
  if (open !== null) throw new RulesetError("a quote is not closed", open.number);
}

/** Names may contain blanks and are not quoted; a type has the form `method:fields`. */
function readCreate(words: string, line: number): Omit<IpSet, "members"> {
  const [, name, type, options = ""] = /^create (.+?) ((?:bitmap|hash|list):[a-z,]+)(?: (.*))?$/.exec(words) ?? [];
  if (name === undefined || type === undefined) throw new RulesetError("expected create NAME TYPE", line);
  const family = /(?:^| )family (inet6?)(?: |$)/.exec(options)?.[1];
  const netmask = /(?:^| )netmask (\d+)(?: |$)/.exec(options)?.[1];
  const bitmask = /(?:^| )bitmask (\S+)/.exec(options)?.[1];
  return { name, type, family: family === undefined ? null : family === "inet" ? 4 : 6, mask: netmask === undefined ? (bitmask ?? null) : Number(netmask), line };
}

function readAdd(words: string, line: number, sets: ReadonlyMap<string, unknown>): { readonly name: string; readonly member: SetMember } {
  if (!words.startsWith("add ")) throw new RulesetError("expected create or add", line);
  const rest = words.slice("add ".length);
  const name = findName(rest, sets);
  if (name === null) throw new RulesetError("adds to a set that is not created before", line);
  const [plain = ""] = rest.slice(name.length + 1).split(/ comment "/);
  const [entry = ""] = plain.split(memberOptions);
  if (entry === "") throw new RulesetError("expected add NAME ENTRY", line);
  return { name, member: { entry, nomatch: / nomatch(?: |$)/.test(plain), line } };
}

/** What may stand behind an entry; the names of sets in a list may hold blanks. */
const memberOptions = / (?:timeout|packets|bytes|nomatch|skbmark|skbprio|skbqueue)(?: |$)/;

/** The longest known name that the text begins with; the kernel allows 31 characters. */
function findName(rest: string, sets: ReadonlyMap<string, unknown>): string | null {
  for (let end = rest.lastIndexOf(" ", 31); end > 0; end = rest.lastIndexOf(" ", end - 1)) {
    const name = rest.slice(0, end);
    if (sets.has(name)) return name;
  }
  return null;
}
