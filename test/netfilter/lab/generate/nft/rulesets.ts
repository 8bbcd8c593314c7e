/** Random tables of nft: base chains on every hook, user chains, sets and maps; two tables beside each other. */
import fc from "fast-check";
import type { Family } from "../../../vocabulary/terms.ts";
import { condition, conditions, connection, type Hook } from "./conditions.ts";
import { action, type Role, verdictMap } from "./statements.ts";
import { declaredSets } from "./terms.ts";

interface ChainShape {
  readonly name: string;
  readonly role: Role;
  /** Null: a user chain. */
  readonly base: { readonly type: "filter" | "nat" | "route"; readonly hook: Hook; readonly priority: number } | null;
  /** Hooks from which it can be reached. */
  readonly hooks: readonly Hook[];
  readonly targets: readonly string[];
}

const FILTERS: readonly Hook[] = ["input", "forward", "output"];
const EVERY: readonly Hook[] = ["prerouting", "input", "forward", "output", "postrouting"];

/** Priorities of the second table differ, so that no two chains of a hook have the same. */
function shapes(shift: number): readonly ChainShape[] {
  const users = ["u1", "u2", "u3"];
  const filters = FILTERS.map((hook): ChainShape => ({ name: hook, role: "filter", base: { type: "filter", hook, priority: shift }, hooks: [hook], targets: users }));
  const mangles = EVERY.map((hook): ChainShape => ({ name: `mangle-${hook}`, role: "mangle", base: { type: hook === "output" ? "route" : "filter", hook, priority: -150 + shift }, hooks: [hook], targets: [] }));
  const raws = (["prerouting", "output"] as const).map((hook): ChainShape => ({ name: `raw-${hook}`, role: "mangle", base: { type: "filter", hook, priority: -300 + shift }, hooks: [hook], targets: [] }));
  const late: ChainShape = { name: "late", role: "mangle", base: { type: "filter", hook: "prerouting", priority: -50 + shift }, hooks: ["prerouting"], targets: [] };
  const destinations = (["prerouting", "output"] as const).map((hook): ChainShape => ({ name: `nat-${hook}`, role: "destination", base: { type: "nat", hook, priority: -100 + shift }, hooks: [hook], targets: ["d1", "d2"] }));
  const sources = (["postrouting", "input"] as const).map((hook): ChainShape => ({ name: `nat-${hook}`, role: "source", base: { type: "nat", hook, priority: 100 + shift }, hooks: [hook], targets: [] }));
  return [
    ...users.map((name, index): ChainShape => ({ name, role: "filter", base: null, hooks: FILTERS, targets: users.slice(index + 1) })),
    ...["d1", "d2"].map((name, index): ChainShape => ({ name, role: "destination", base: null, hooks: ["prerouting", "output"], targets: index === 0 ? ["d2"] : [] })),
    ...filters, ...mangles, ...raws, late, ...destinations, ...sources,
  ];
}

export interface GeneratedTable {
  readonly header: string;
  readonly sets: string;
  readonly chains: readonly GeneratedChain[];
}

interface GeneratedChain {
  readonly name: string;
  readonly base: string;
  readonly rules: readonly string[];
}

/** Whole tables; one question that decides about every packet that comes; rules that judge by the connection alone. */
export function arbitraryTables(family: Family): fc.Arbitrary<readonly GeneratedTable[]> {
  const single = fc.oneof({ weight: 2, arbitrary: question(family) }, { weight: 1, arbitrary: stateful(family) }).map((one) => [one]);
  return fc.oneof({ weight: 2, arbitrary: wholeTables(family) }, { weight: 3, arbitrary: single });
}

function stateful(family: Family): fc.Arbitrary<GeneratedTable> {
  const own = shapes(0).filter(({ role }) => role !== "mangle");
  const tests = fc.array(connection(family), { minLength: 1, maxLength: 2 });
  return fc.record({ header: fc.constant("inet one"), sets: declaredSets(family), chains: fc.tuple(...own.map((shape) => chain(family, shape, shape.role === "filter" ? tests : undefined))) });
}

/** Marks are set, then one rule tells packets apart, before they are routed. */
function question(family: Family): fc.Arbitrary<GeneratedTable> {
  const marks = shapes(0).filter(({ name }) => name === "mangle-prerouting");
  const asked = fc.array(condition(family, ["prerouting"]), { minLength: 1, maxLength: 2 });
  const verdict = fc.oneof(fc.constant("accept"), verdictMap(family, "filter", []));
  const late = fc.tuple(asked, verdict).map(([tests, act]): GeneratedChain => ({ name: "late", base: "type filter hook prerouting priority -50; policy drop;", rules: [withoutHidden([...tests, act]).join(" ")] }));
  return fc.record({ header: fc.constant("inet one"), sets: declaredSets(family), chains: fc.tuple(...marks.map((shape) => chain(family, shape)), late) });
}

function wholeTables(family: Family): fc.Arbitrary<readonly GeneratedTable[]> {
  const own = family === 4 ? "ip" : "ip6";
  return fc.tuple(table("inet one", family, 0), fc.option(table(`${own} two`, family, 1), { freq: 1 })).map(([one, two]) => (two === null ? [one] : [one, two]));
}

/** As nft -f reads it. */
export function writeTables(tables: readonly GeneratedTable[]): string {
  return tables
    .map(({ header, sets, chains }) => {
      const declared = chains.map(({ name, base }) => `chain ${name} {\n${base}\n}`);
      const rules = chains.flatMap((chain) => chain.rules.map((rule) => `add rule ${header} ${chain.name} ${rule}`));
      return `table ${header} {\n${sets}\n${declared.join("\n")}\n}\n${rules.join("\n")}\n`;
    })
    .join("");
}

function table(header: string, family: Family, shift: number): fc.Arbitrary<GeneratedTable> {
  return fc.record({ header: fc.constant(header), sets: declaredSets(family), chains: fc.tuple(...shapes(shift).map((shape) => chain(family, shape))) });
}

function chain(family: Family, shape: ChainShape, asked = conditions(family, shape.hooks)): fc.Arbitrary<GeneratedChain> {
  const { base, role, targets } = shape;
  const most = role === "filter" ? 5 : role === "mangle" ? 2 : 3;
  const rule = fc.tuple(asked, action(family, role, targets, base?.hook ?? null, base !== null && base.priority < -200)).map(([tests, act]) => withoutHidden([...tests, act]).join(" "));
  const policy = base?.type === "filter" && role === "filter" ? fc.constantFrom("accept", "accept", "drop") : fc.constant("accept");
  return fc.record({
    name: fc.constant(shape.name),
    base: policy.map((word) => (base === null ? "" : `type ${base.type} hook ${base.hook} priority ${String(base.priority)}; policy ${word};`)),
    rules: fc.array(rule, { maxLength: most, size: "max" }),
  });
}

/** Without a protocol that nft leaves out of its list though it contradicts what is listed: of transports before others, of families before a reject. */
function withoutHidden(statements: readonly string[]): readonly string[] {
  const isTold = statements.some((words) => /^meta l4proto (\. |\{ tcp, udp \} )th /.test(words));
  const isRejected = statements.some((words) => words.startsWith("reject"));
  return statements.filter((words) => !(isTold && /^meta l4proto (esp|\{ esp \})$/.test(words)) && !(isRejected && /^meta (protocol|nfproto) /.test(words)));
}
