/** Statements as steps. */
import type { Act } from "../../firewall/acts.ts";
import type { Step } from "../../firewall/model.ts";
import type { Test } from "../../firewall/tests.ts";
import type { NftExpression } from "../../nft/expressions.ts";
import { printStatement } from "../../nft/print/rule.ts";
import type { NftSetStatement, NftStatement } from "../../nft/statements.ts";
import { numberIn } from "../tests.ts";
import { lowerStateful, perKey, perNothing } from "./history.ts";
import { keyOf } from "./keys.ts";
import { lowerMap, type LoweredMap } from "./maps.ts";
import { type MarkValue, markValue } from "./marks.ts";
import { lowerMatch } from "./match.ts";
import { lowerNat } from "./nat.ts";
import { lowerReject } from "./reject.ts";
import type { Surroundings } from "./surroundings.ts";

export function lowerStatement(statement: NftStatement, surroundings: Surroundings): readonly Step[] {
  const text = printStatement(statement);
  switch (statement.kind) {
    case "match":
      return lowerMatch(statement, text, surroundings).map(asTest);
    case "verdict":
      return [asAct(verdictAct({ kind: "verdict", verdict: statement.verdict }) ?? { kind: "opaque", text })];
    case "vmap":
      return asSteps(lowerMap(statement.key, statement.data, verdictAct, text, surroundings));
    case "counter":
      return [];
    case "limit":
    case "quota":
    case "ct-count": {
      const test = lowerStateful(statement, perNothing);
      return test === null ? [] : [asTest(test)];
    }
    case "object":
      return lowerObject(statement.type, statement.name, text, surroundings);
    case "mangle":
      return lowerMangle(statement.key, statement.value, text, surroundings);
    case "log":
      return [asAct({ kind: "log", prefix: statement.prefix ?? "" })];
    case "reject":
      return asSteps(lowerReject(statement));
    case "snat":
    case "dnat":
    case "masquerade":
    case "redirect":
      return asSteps(lowerNat(statement, text, surroundings));
    case "notrack":
    case "synproxy":
    case "queue":
      return [asAct({ kind: statement.kind })];
    case "dup":
      return [asAct({ kind: "continue", text })];
    case "set":
      return lowerSetStatement(statement, text);
    // A socket that would take the packet: whether there is one is not known.
    case "tproxy":
      return [asTest({ kind: "opaque", text })];
    case "xt":
      return [statement.type === "match" ? asTest({ kind: "opaque", text }) : asAct({ kind: "opaque", text })];
    case "fwd":
      return [asAct({ kind: "opaque", text })];
    case "opaque":
      return [asAct(HARMLESS.includes(statement.name) ? { kind: "continue", text } : { kind: "opaque", text })];
  }
}

/** Statements without a model that change no packet's fate: offloading, resetting of TCP options, marking the last match. */
const HARMLESS = ["flow", "reset", "last"];

function asTest(test: Test): Step {
  return { kind: "test", test };
}

function asAct(act: Act): Step {
  return { kind: "act", act };
}

function asSteps({ implied, act }: LoweredMap): readonly Step[] {
  return [...implied.map(asTest), asAct(act)];
}

/** `continue` is what a rule does anyway. */
function verdictAct(value: NftExpression): Act | null {
  if (value.kind !== "verdict") return null;
  const { verdict } = value;
  if (verdict.kind === "continue") return { kind: "continue", text: "continue" };
  return verdict.kind === "jump" || verdict.kind === "goto" ? { kind: verdict.kind, chain: verdict.chain } : { kind: verdict.kind };
}

/** Named objects: limits and quotas are shared by the rules that name them; others change no packet's fate. */
function lowerObject(type: string, name: NftExpression, text: string, { objects }: Surroundings): readonly Step[] {
  if (type === "synproxy") return [asAct({ kind: "synproxy" })];
  if (type !== "limit" && type !== "quota") return [asAct({ kind: "continue", text })];
  const object = name.kind === "value" ? objects.get(`${type} ${String(name.value)}`) : undefined;
  const stateful = object?.kind === "limit" ? { kind: "limit" as const, limit: object.limit } : object?.kind === "quota" ? { kind: "quota" as const, quota: object.quota } : null;
  const test = stateful === null ? null : lowerStateful(stateful, { ...perNothing, text: `${type} "${object?.name ?? ""}",` });
  return [asTest(test ?? { kind: "opaque", text })];
}

function lowerMangle(key: NftExpression, value: NftExpression, text: string, surroundings: Surroundings): readonly Step[] {
  const of = key.kind === "meta" && key.key === "mark" ? "packet" : key.kind === "ct" && key.key === "mark" ? "connection" : null;
  if (of === null) return [asAct(changesFate(key) ? { kind: "opaque", text } : { kind: "continue", text })];
  if (value.kind === "map") {
    return asSteps(lowerMap(value.key, value.data, (one) => markAct(of, markValue(one)), text, surroundings));
  }
  const computed = markValue(value);
  // nft_ct loads no mark of a packet without connection: the rule is left.
  const loads = computed !== null && computed.connection !== 0 ? [asTest(numberIn("connectionMark", [0, 2 ** 32]))] : [];
  return [...loads, asAct(markAct(of, computed) ?? { kind: "opaque", text })];
}

function markAct(of: "packet" | "connection", value: MarkValue | null): Act | null {
  return value === null ? null : { kind: "mark", of, ...value };
}

/** Fields of the packet that tests of the model read. */
function changesFate(key: NftExpression): boolean {
  if (key.kind === "payload") return ["saddr", "daddr", "sport", "dport", "flags", "protocol", "nexthdr", "type", "code", "frag-off"].includes(key.field);
  return key.kind === "raw-payload" || (key.kind === "meta" && key.key === "pkttype");
}

/**
 * Adding to a set: the rule goes on if the key is there and what the element counts lets the packet pass. That a full set leaves the rule is not
 * seen here.
 */
function lowerSetStatement({ element, set, operation, statements }: NftSetStatement, text: string): readonly Step[] {
  const key = keyOf(element);
  const there = key === null ? [asTest({ kind: "opaque", text })] : [...key.implied, key.present].map(asTest);
  if (operation === "delete") return there;
  const limits = statements.flatMap((statement): readonly Step[] => {
    if (statement.kind === "opaque") return [asTest({ kind: "opaque", text })];
    const test = lowerStateful(statement, perKey(element, set));
    return test === null ? [] : [asTest(test)];
  });
  return [...there, ...limits, ...(limits.length === 0 ? [asAct({ kind: "continue", text })] : [])];
}
