/** Writes expressions in nft's own language. */
import type { NftElement, NftExpression } from "../expressions.ts";
import { printStateful } from "./stateful.ts";
import { printVerdict } from "./verdict.ts";

/** `quoted`: words are names, which may be spelt like one of nft's own words. */
export function printExpression(expression: NftExpression, quoted = false): string {
  switch (expression.kind) {
    case "value":
      return quoted && typeof expression.value === "string" ? `"${expression.value}"` : printValue(expression.value);
    case "set-reference":
      return `@${expression.name}`;
    case "payload":
      return `${expression.protocol} ${expression.field}`;
    case "raw-payload":
      return `@${expression.base},${expression.offset},${expression.length}`;
    case "meta":
      return UNQUALIFIED.includes(expression.key) ? expression.key : `meta ${expression.key}`;
    case "ct":
      return ["ct", expression.direction, expression.family, expression.key].filter((word) => word !== null).join(" ");
    case "fib":
      return `fib ${expression.flags.join(" . ")} ${expression.result}`;
    case "prefix":
      return `${printExpression(expression.address)}/${expression.length}`;
    case "range":
      return `${printExpression(expression.from)}-${printExpression(expression.to)}`;
    case "list":
      return expression.items.map((one) => printExpression(one)).join(",");
    case "concat":
      return expression.parts.map((one) => printExpression(one)).join(" . ");
    case "set":
      return `{ ${expression.elements.map((element) => printElement(element, quoted)).join(", ")} }`;
    case "map":
      return `${printExpression(expression.key)} map ${printExpression(expression.data)}`;
    case "binary":
      return expression.operands.map(printOperand).join(` ${expression.operator} `);
    case "choice":
      return printChoice(expression);
    case "verdict":
      return printVerdict(expression.verdict);
    case "opaque":
      return JSON.stringify(expression.json);
  }
}

/** As nft prints them, without `meta` in front. */
const UNQUALIFIED = ["iif", "oif", "iifname", "oifname", "iifgroup", "oifgroup", "iiftype", "oiftype"];

/** Words and addresses stand for themselves; anything else is quoted, as nft does with names of interfaces. */
function printValue(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "exists" : "missing";
  if (typeof value === "number" || /^[\w.:-]+$/.test(value)) return String(value);
  return `"${value}"`;
}

function printElement({ key, value, timeout, comment, statements }: NftElement, quoted: boolean): string {
  const words = [printExpression(key, quoted), ...statements.map(printStateful)];
  if (timeout !== null) words.push(`timeout ${timeout}s`);
  if (comment !== null) words.push(`comment "${comment}"`);
  return words.join(" ") + (value === null ? "" : ` : ${printExpression(value)}`);
}

/** Flags of one operand are joined: `tcp flags & (fin | syn)`. */
function printOperand(operand: NftExpression): string {
  if (operand.kind === "binary") return `(${printExpression(operand)})`;
  return operand.kind === "list" ? `(${operand.items.map((one) => printExpression(one)).join(" | ")})` : printExpression(operand);
}

function printChoice({ by, modulus, offset, json }: Extract<NftExpression, { kind: "choice" }>): string {
  const suffix = offset === 0 ? "" : ` offset ${offset}`;
  return by === "hash" ? `hash ${JSON.stringify(json)}` : `numgen ${by === "random" ? "random" : "inc"} mod ${modulus}${suffix}`;
}
