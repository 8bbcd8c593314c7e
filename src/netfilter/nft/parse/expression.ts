/** Expressions of libnftables-json(5). What is unknown, or has an unknown form, becomes `opaque` by itself: what surrounds it stays readable. */
import type { NftBinaryOperator, NftExpression } from "../expressions.ts";
import { readElement } from "./element.ts";
import { fieldOf, fieldsOf, isFields, numberOf, optionalNumber, optionalText, ShapeError, soleField, textOf, textsOf, type Fields } from "./shape.ts";
import { readVerdict } from "./verdict.ts";

export function readExpression(json: unknown): NftExpression {
  try {
    return readKnown(json) ?? { kind: "opaque", name: soleField(json)?.[0] ?? "expression", json };
  } catch (error) {
    if (error instanceof ShapeError) return { kind: "opaque", name: soleField(json)?.[0] ?? "expression", json };
    throw error;
  }
}

function readKnown(json: unknown): NftExpression | null {
  if (typeof json === "string") return json.startsWith("@") ? { kind: "set-reference", name: json.slice(1) } : { kind: "value", value: json };
  if (typeof json === "number" || typeof json === "boolean") return { kind: "value", value: json };
  if (Array.isArray(json)) return { kind: "list", items: json.map(readExpression) };
  const [name, body] = soleField(json) ?? [];
  if (name === undefined) return null;
  const verdict = readVerdict(name, body);
  if (verdict !== null) return { kind: "verdict", verdict };
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  return read === undefined ? null : read(body);
}

const readers: Readonly<Record<string, (body: unknown) => NftExpression>> = {
  payload: (body) => readPayload(fieldsOf(body, "payload")),
  meta: (body) => ({ kind: "meta", key: textOf(fieldsOf(body, "meta"), "key") }),
  ct: (body) => readConntrack(fieldsOf(body, "ct")),
  fib: (body) => ({ kind: "fib", result: textOf(fieldsOf(body, "fib"), "result"), flags: textsOf(fieldsOf(body, "fib"), "flags") }),
  prefix: (body) => readPrefix(fieldsOf(body, "prefix")),
  range: (body) => readRange(body),
  concat: (body) => ({ kind: "concat", parts: itemsOf(body).map(readExpression) }),
  set: (body) => ({ kind: "set", elements: (Array.isArray(body) ? body : [body]).map((element) => readElement(element, readExpression)) }),
  map: (body) => ({ kind: "map", ...readMap(body) }),
  numgen: (body) => readChoice(fieldsOf(body, "numgen"), textOf(fieldsOf(body, "numgen"), "mode") === "random" ? "random" : "turn"),
  jhash: (body) => readChoice(fieldsOf(body, "jhash"), "hash"),
  symhash: (body) => readChoice(fieldsOf(body, "symhash"), "hash"),
  "&": (body) => readBinary("&", body),
  "|": (body) => readBinary("|", body),
  "^": (body) => readBinary("^", body),
  "<<": (body) => readBinary("<<", body),
  ">>": (body) => readBinary(">>", body),
};

/** Key and data of map and vmap. */
export function readMap(body: unknown): { readonly key: NftExpression; readonly data: NftExpression } {
  const map = fieldsOf(body, "map");
  return { key: readExpression(fieldOf(map, "key")), data: readExpression(fieldOf(map, "data")) };
}

function readPayload(body: Fields): NftExpression {
  if (fieldOf(body, "base") === undefined) return { kind: "payload", protocol: textOf(body, "protocol"), field: textOf(body, "field") };
  return { kind: "raw-payload", base: textOf(body, "base"), offset: numberOf(body, "offset"), length: numberOf(body, "len") };
}

/** The family stands in front of the key (`ip saddr`), and in a field of its own with older versions. */
function readConntrack(body: Fields): NftExpression {
  const [, family = optionalText(body, "family"), key = ""] = /^(?:(ip6?) )?(.+)$/.exec(textOf(body, "key")) ?? [];
  if (family !== null && family !== "ip" && family !== "ip6") throw new ShapeError("unknown family", body);
  const direction = optionalText(body, "dir");
  if (direction !== null && direction !== "original" && direction !== "reply") throw new ShapeError("unknown direction", body);
  return { kind: "ct", key, direction, family };
}

function readPrefix(body: Fields): NftExpression {
  return { kind: "prefix", address: readExpression(fieldOf(body, "addr")), length: numberOf(body, "len") };
}

function readRange(body: unknown): NftExpression {
  const [from, to, ...rest] = itemsOf(body);
  if (to === undefined || rest.length > 0) throw new ShapeError("expected two bounds", null);
  return { kind: "range", from: readExpression(from), to: readExpression(to) };
}

function readBinary(operator: NftBinaryOperator, body: unknown): NftExpression {
  const operands = itemsOf(body);
  if (operands.length < 2) throw new ShapeError("expected two operands", null);
  return { kind: "binary", operator, operands: operands.map(readExpression) };
}

function readChoice(body: Fields, by: "random" | "turn" | "hash"): NftExpression {
  return { kind: "choice", by, modulus: numberOf(body, "mod"), offset: optionalNumber(body, "offset") ?? 0, json: body };
}

function itemsOf(body: unknown): readonly unknown[] {
  if (!Array.isArray(body)) throw new ShapeError("expected a list", isFields(body) ? body : null);
  return body;
}

