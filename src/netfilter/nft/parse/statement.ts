/** Statements of libnftables-json(5). What is unknown, or has an unknown form, becomes `opaque`. */
import type { NftExpression } from "../expressions.ts";
import type { NftNat, NftOperator, NftSetStatement, NftStatement } from "../statements.ts";
import type { NftOpaque, NftStateful } from "../terms.ts";
import { readExpression, readMap } from "./expression.ts";
import { fieldOf, isFields, listOf, optionalNumber, optionalText, ShapeError, soleField, textOf, textsOf, type Fields } from "./shape.ts";
import { readStateful } from "./stateful.ts";
import { readVerdict } from "./verdict.ts";

export function readStatement(json: unknown): NftStatement {
  const [name, body] = soleField(json) ?? ["statement", null];
  try {
    return readKnown(name, body) ?? { kind: "opaque", name, json };
  } catch (error) {
    if (error instanceof ShapeError) return { kind: "opaque", name, json };
    throw error;
  }
}

function readKnown(name: string, body: unknown): NftStatement | null {
  const verdict = readVerdict(name, body);
  if (verdict !== null) return { kind: "verdict", verdict };
  if (namesObject(name, body)) return { kind: "object", type: name, name: readExpression(body) };
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  return read === undefined ? readStateful(name, body) : read(isFields(body) ? body : {}, body);
}

/** A reference to a named object: its name, or a map that gives one. */
function namesObject(name: string, body: unknown): boolean {
  if (!["counter", "limit", "quota", "synproxy", "ct helper", "ct timeout", "ct expectation", "secmark"].includes(name)) return false;
  return typeof body === "string" || (isFields(body) && fieldOf(body, "map") !== undefined);
}

const readers: Readonly<Record<string, (body: Fields, json: unknown) => NftStatement>> = {
  match: readMatch,
  vmap: (body) => ({ kind: "vmap", ...readMap(body) }),
  mangle: (body) => ({ kind: "mangle", key: readExpression(fieldOf(body, "key")), value: readExpression(fieldOf(body, "value")) }),
  log: (body, json) => ({ kind: "log", prefix: optionalText(body, "prefix"), level: optionalText(body, "level"), group: optionalNumber(body, "group"), json }),
  reject: (body) => ({ kind: "reject", type: optionalText(body, "type") ?? "icmpx", code: optionalText(body, "type") === "tcp reset" ? null : (optionalText(body, "expr") ?? "port-unreachable") }),
  snat: (body) => readNat("snat", body),
  dnat: (body) => readNat("dnat", body),
  masquerade: (body) => readNat("masquerade", body),
  redirect: (body) => readNat("redirect", body),
  notrack: () => ({ kind: "notrack" }),
  synproxy: (_body, json) => ({ kind: "synproxy", json }),
  queue: (_body, json) => ({ kind: "queue", json }),
  tproxy: (body) => ({ kind: "tproxy", family: optionalText(body, "family"), address: optionalExpression(body, "addr"), port: optionalExpression(body, "port") }),
  dup: (_body, json) => ({ kind: "dup", json }),
  fwd: (_body, json) => ({ kind: "fwd", json }),
  set: (body) => readSetStatement(body, "elem", false),
  map: (body) => readSetStatement(body, "elem", false),
  meter: (body) => readSetStatement(body, "key", true),
  xt: (body) => ({ kind: "xt", type: textOf(body, "type"), name: textOf(body, "name") }),
};

const OPERATORS: readonly string[] = ["==", "!=", "<", ">", "<=", ">=", "in", "!"];

function readMatch(body: Fields): NftStatement {
  const operator = textOf(body, "op");
  if (!OPERATORS.includes(operator)) throw new ShapeError("unknown operator", body);
  return { kind: "match", operator: operator as NftOperator, left: readExpression(fieldOf(body, "left")), right: readExpression(fieldOf(body, "right")) };
}

function readNat(kind: NftNat["kind"], body: Fields): NftNat {
  const flags = textsOf(body, "flags");
  return {
    kind,
    family: optionalText(body, "family"),
    address: optionalExpression(body, "addr"),
    port: optionalExpression(body, "port"),
    flags: flags.filter((flag) => flag !== "netmap"),
    netmap: flags.includes("netmap") || textsOf(body, "type_flags").includes("prefix"),
  };
}

/** `set` and `map` name a declared set by `@name`; `meter` has a set of its own. */
function readSetStatement(body: Fields, keyed: "elem" | "key", meter: boolean): NftSetStatement {
  const operation = optionalText(body, "op") ?? "add";
  if (operation !== "add" && operation !== "update" && operation !== "delete") throw new ShapeError("unknown operation", body);
  const key = fieldOf(body, keyed);
  const wrapped = isFields(key) ? fieldOf(key, "elem") : undefined;
  const element: Fields = isFields(wrapped) ? wrapped : { val: key };
  const name = meter ? textOf(body, "name") : (optionalText(body, "set") ?? textOf(body, "map"));
  return {
    kind: "set",
    operation,
    set: name.replace(/^@/, ""),
    meter,
    element: readExpression(fieldOf(element, "val")),
    value: optionalExpression(body, "data"),
    timeout: optionalNumber(element, "timeout"),
    size: optionalNumber(body, "size"),
    statements: listOf(body, "stmt").map(readElementStatement),
  };
}

function readElementStatement(json: unknown): NftStateful | NftOpaque {
  const [name, body] = soleField(json) ?? ["statement", null];
  return readStateful(name, body) ?? { kind: "opaque", name, json };
}

function optionalExpression(body: Fields, key: string): NftExpression | null {
  const value = fieldOf(body, key);
  return value === undefined || value === null ? null : readExpression(value);
}

