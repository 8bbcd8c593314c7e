/** The own nft tables as `nft -j list ruleset` would print them once the file is loaded. Handles aside. */

/** A statement of nft's JSON (libnftables-json(5)). */
type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the file that `renderNftTables` writes, and nothing else: what is proved is what is loaded, also where the plan comes from a file. Throws for a line that it does
 * not know.
 */
export function listNftObjects(text: string): Json[] {
  const objects: Json[] = [];
  const rules: Json[] = [];
  let table: { readonly family: string; readonly table: string } | null = null;
  let block: { kind: "set" | "chain"; object: Record<string, unknown> } | null = null;
  for (const line of text.split("\n").map((one) => one.trim())) {
    const [, family, name] = /^table (ip6?) (\S+) \{$/.exec(line) ?? [];
    const [, kind, own] = /^(set|chain) (\S+) \{$/.exec(line) ?? [];
    if (family !== undefined && name !== undefined) {
      table = { family, table: name };
      objects.push({ table: { family, name, handle: 0 } });
    } else if (table === null || line === "" || /^(table|delete table) ip6? \S+$/.test(line)) {
      continue;
    } else if (own !== undefined) {
      block = { kind: kind === "set" ? "set" : "chain", object: { ...table, name: own, handle: 0 } };
      objects.push({ [block.kind]: block.object });
    } else if (line === "}") {
      if (block === null) table = null;
      block = null;
    } else if (block?.kind === "set") Object.assign(block.object, readSetLine(line));
    else if (block !== null && line.startsWith("type ")) Object.assign(block.object, readHook(line));
    else if (block !== null) rules.push({ rule: { ...table, chain: block.object["name"], handle: 0, expr: readRule(line, table.family) } });
    else throw new Error(`not in a table of ours: ${line}`);
  }
  return [...objects, ...rules];
}

/** nft 1.0.6 prints of the flags only the timeout (`dynamic` is not among them). */
function readSetLine(line: string): Json {
  const [, key = "", value = ""] = /^(type|size|flags|timeout) (\S+)$/.exec(line) ?? [];
  switch (key) {
    case "type":
      return { type: value };
    case "size":
      return { size: Number(value) };
    case "timeout":
      return { timeout: Number.parseInt(value, 10) };
    case "flags":
      return value.includes("timeout") ? { flags: ["timeout"] } : {};
    default:
      throw new Error(`no line of our sets: ${line}`);
  }
}

function readHook(line: string): Json {
  const [, hook, offset, policy] = /^type filter hook (\S+) priority filter - (\d+); policy (\S+);$/.exec(line) ?? [];
  if (hook === undefined) throw new Error(`no base chain of ours: ${line}`);
  return { type: "filter", hook, prio: -Number(offset), policy };
}

const META = (key: string, right: string): Json => ({ match: { op: "==", left: { meta: { key } }, right } });
const FLAGS = { payload: { protocol: "tcp", field: "flags" } };

/** What our rules are made of, each at the beginning of what is left of the line. */
const PARTS: readonly (readonly [RegExp, (words: readonly string[], family: string) => Json[]])[] = [
  [/^([io]ifname) "([^"]*)"/, ([key = "", name = ""]) => [META(key, name)]],
  [/^meta l4proto (\S+)/, ([name = ""]) => [META("l4proto", name)]],
  [/^tcp flags & \(([^)]*)\) (==|!=) ((?:\w+ \| )*\w+)/, ([mask = "", op = "", right = ""]) => [matchFlags(listOf(mask), op, right)]],
  [/^ct state new/, () => [{ match: { op: "in", left: { ct: { key: "state" } }, right: "new" } }]],
  [/^(update|add) (@\S+) \{ ip6? saddr(?: & (\S+))? limit rate over (\d+)\/(\w+) burst (\d+) packets \}/, ([op, set, mask, rate, per, burst], family) => [
    { set: { op, elem: sourceOf(family, mask), set, stmt: [{ limit: { rate: Number(rate), burst: Number(burst), per, inv: true } }] } },
  ]],
  [/^(update|add) (@\S+) \{ ip6? saddr(?: & (\S+))? ct count over (\d+) \}/, ([op, set, mask, count], family) => [
    { set: { op, elem: sourceOf(family, mask), set, stmt: [{ "ct count": { val: Number(count), inv: true } }] } },
  ]],
  [/^limit rate (\d+)\/(\w+) burst (\d+) packets/, ([rate, per, burst]) => [{ limit: { rate: Number(rate), burst: Number(burst), per } }]],
  [/^log prefix "([^"]*)"/, ([prefix]) => [{ log: { prefix } }]],
  [/^reject with tcp reset/, () => [{ reject: { type: "tcp reset" } }]],
  [/^(return|drop|accept)/, ([verdict = ""]) => [{ [verdict]: null }]],
  [/^jump (\S+)/, ([target]) => [{ jump: { target } }]],
];

function readRule(line: string, family: string): Json[] {
  const found: Json[] = [];
  for (let rest = line; rest !== "";) {
    const part = PARTS.flatMap(([pattern, build]) => {
      const match = pattern.exec(rest);
      return match === null ? [] : [{ length: match[0].length, statements: build(match.slice(1), family) }];
    })[0];
    if (part === undefined) throw new Error(`no rule of ours: ${line}`);
    found.push(...part.statements);
    rest = rest.slice(part.length).trimStart();
  }
  return found;
}

/** None of the flags is printed with an operator of its own. */
function matchFlags(mask: readonly string[], op: string, right: string): Json {
  if (right === "0x0") return { match: { op: "!", left: FLAGS, right: mask } };
  const flags = listOf(right);
  return { match: { op, left: { "&": [FLAGS, mask] }, right: flags.length === 1 ? flags[0] : flags } };
}

function listOf(words: string): string[] {
  return words.split(" | ");
}

function sourceOf(family: string, mask: string | undefined): Json {
  const source = { payload: { protocol: family, field: "saddr" } };
  return mask === undefined ? source : { "&": [source, mask] };
}
