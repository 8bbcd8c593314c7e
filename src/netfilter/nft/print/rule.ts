/** Writes rules in nft's own language, for people: what the reader keeps as JSON is written as JSON. */
import type { NftExpression } from "../expressions.ts";
import type { NftRule } from "../model.ts";
import type { NftNat, NftSetStatement, NftStatement } from "../statements.ts";
import { printExpression } from "./expression.ts";
import { printStateful } from "./stateful.ts";
import { printVerdict } from "./verdict.ts";

/** The rule on one line, with its comment and without the values of counters. */
export function printNftRule({ statements, comment }: NftRule): string {
  const words = statements.map((statement) => (statement.kind === "counter" ? "counter" : printStatement(statement)));
  return [...words, ...(comment === null ? [] : [`comment ${JSON.stringify(comment)}`])].join(" ");
}

export function printStatement(statement: NftStatement): string {
  switch (statement.kind) {
    case "match":
      return printMatch(statement);
    case "verdict":
      return printVerdict(statement.verdict);
    case "vmap":
      return `${printExpression(statement.key)} vmap ${printExpression(statement.data, isName(statement.key))}`;
    case "counter":
    case "limit":
    case "quota":
    case "ct-count":
      return printStateful(statement);
    case "object":
      return printObject(statement.type, printExpression(statement.name));
    case "mangle":
      return `${printKey(printExpression(statement.key))} set ${printExpression(statement.value)}`;
    case "log":
      return printLog(statement.json);
    case "reject":
      return statement.code === null ? `reject with ${statement.type}` : `reject with ${statement.type} type ${statement.code}`;
    case "snat":
    case "dnat":
    case "masquerade":
    case "redirect":
      return printNat(statement);
    case "notrack":
      return "notrack";
    case "synproxy":
    case "queue":
    case "dup":
    case "fwd":
      return statement.json === null ? statement.kind : `${statement.kind} ${JSON.stringify(statement.json)}`;
    case "tproxy":
      return `tproxy ${printTarget(statement.family, statement)}`.replaceAll("  ", " ");
    case "set":
      return printSet(statement);
    case "xt":
      return `xt ${statement.type} ${statement.name}`;
    case "opaque":
      return JSON.stringify(statement.json);
  }
}

function printMatch({ operator, left, right }: Extract<NftStatement, { kind: "match" }>): string {
  const word = operator === "==" || operator === "in" ? "" : `${operator} `;
  // Without an operator nft reads flags as "one of these"; `==` has to be said then.
  const exact = operator === "==" && right.kind !== "set" && isFlags(left) ? "== " : "";
  return `${printExpression(left)} ${exact}${word}${printExpression(right, isName(left))}`;
}

function isFlags(left: NftExpression): boolean {
  if (left.kind === "payload") return left.field === "flags";
  return left.kind === "binary" || (left.kind === "ct" && ["state", "status", "label"].includes(left.key));
}

function isName(left: NftExpression): boolean {
  return left.kind === "meta" && /name$|kind$/.test(left.key);
}

function printKey(key: string): string {
  return key === "mark" ? "meta mark" : key;
}

function printObject(type: string, name: string): string {
  if (type === "ct helper" || type === "ct timeout" || type === "ct expectation") return `${type} set "${name}"`;
  return `${type} name ${name.includes(" ") ? name : `"${name}"`}`;
}

/** `dnat to ADDRESS:PORT`. */
function printNat(nat: NftNat): string {
  const family = nat.family === null ? (nat.netmap ? "prefix" : null) : `${nat.family}${nat.netmap ? " prefix" : ""}`;
  const target = printTarget(family, nat);
  return [nat.kind, target.trim(), nat.flags.join(",")].filter((word) => word !== "").join(" ");
}

function printTarget(family: string | null, { address, port }: Pick<NftNat, "address" | "port">): string {
  if (address === null && port === null) return "";
  const written = address === null ? "" : printExpression(address);
  const host = port !== null && written.includes(":") ? `[${written}]` : written;
  return `${family === null ? "" : `${family} `}to ${host}${port === null ? "" : `:${printExpression(port)}`}`;
}

function printSet({ operation, set, meter, element, value, timeout, size, statements }: NftSetStatement): string {
  const words = [printExpression(element), ...(timeout === null ? [] : [`timeout ${timeout}s`])];
  for (const statement of statements) words.push(statement.kind === "opaque" ? JSON.stringify(statement.json) : printStateful(statement));
  const data = value === null ? "" : ` : ${printExpression(value)}`;
  return `${meter ? `meter ${set}${size === null ? "" : ` size ${size}`}` : `${operation} @${set}`} { ${words.join(" ")}${data} }`;
}

/** Options as they stand: `log prefix "x" level info`; flags of a kind are joined, `flags tcp sequence,options`. */
function printLog(json: unknown): string {
  if (typeof json !== "object" || json === null) return "log";
  const words = Object.entries(json as Readonly<Record<string, unknown>>).map(([option, value]) => {
    if (option === "flags") return `flags ${[value].flat().join(",").replaceAll(",tcp ", ",")}`;
    return `${option} ${option === "prefix" ? JSON.stringify(value) : String(value)}`;
  });
  return ["log", ...words].join(" ");
}
