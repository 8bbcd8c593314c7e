/** The fields of a packet's JSON object, each with its type or an error that says where. */
import { findNodeAtLocation, type JSONPath, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { HardenError, type Position } from "../../errors.ts";
import { type Address, parseAddress } from "../../netfilter/index.ts";
import { quote, spellOut, suggest } from "../../text.ts";
import type { Expectation } from "./expectation.ts";
import { FLAG_NAMES, toFlagBits } from "./names.ts";
import { VERDICTS } from "./words.ts";

export interface Line {
  readonly tree: Node;
  readonly value: Readonly<Record<string, unknown>>;
  readonly position: Position;
}

const EXAMPLE = 'one packet a line, as {"src": "198.51.100.7", "dst": "203.0.113.10", "dport": 443}';

/** One object, with no other keys than these. Throws HardenError with line and column. */
export function parseLine(text: string, position: Position, keys: readonly string[]): Line {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  const [error] = errors;
  if (error !== undefined) throw new HardenError(`is no JSON: ${spellOut(printParseErrorCode(error.error))}`, { position: { ...position, column: error.offset + 1 }, hint: EXAMPLE });
  if (tree?.type !== "object") throw new HardenError("is no JSON object", { position, hint: EXAMPLE });
  const line: Line = { tree, value: JSON.parse(text) as Record<string, unknown>, position };
  const seen = new Set<string>();
  for (const { children: [key] = [] } of tree.children ?? []) {
    const name = String(key?.value);
    if (!keys.includes(name)) fail(line, key, `${quote(name)} is no field of a packet`, suggest(name, keys));
    if (seen.has(name)) fail(line, key, `${quote(name)} is given twice`);
    seen.add(name);
  }
  return line;
}

/** Undefined where the key is absent, null where it is null. */
export function readInterface(line: Line, key: string): string | null | undefined {
  const value = line.value[key];
  if (value === undefined || value === null || (typeof value === "string" && value !== "")) return value;
  return failAt(line, [key], `${key} is no name of an interface: ${quote(value)}`, "null stands for packets that this host sends");
}

export function readAddress(line: Line, key: string): Address {
  const value = line.value[key];
  const address = typeof value === "string" ? parseAddress(value) : null;
  if (address !== null) return address;
  return failAt(line, [key], value === undefined ? `${key} is missing` : `${key} is no IP address: ${quote(value)}`);
}

/** Null where the key is absent. */
export function readNumber(line: Line, key: string, most: number): number | null {
  const value = line.value[key];
  if (value === undefined) return null;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most) return value;
  return failAt(line, [key], `${key} is no number from 0 to ${most}: ${quote(value)}`);
}

/** Null where the key is absent. */
export function readChoice<T extends string>(line: Line, key: string, accepted: readonly T[], path: JSONPath = [key], value = line.value[key]): T | null {
  if (value === undefined) return null;
  const found = accepted.find((one) => one === value);
  return found ?? failAt(line, path, `${key} is not known: ${quote(value)}`, typeof value === "string" ? suggest(value, accepted) : `accepted: ${accepted.join(", ")}`);
}

/** `["SYN", "ACK"]` as bits, `[]` as 0; null where the key is absent. */
export function readFlags(line: Line, key: string): number | null {
  const value = line.value[key];
  if (value === undefined) return null;
  if (!Array.isArray(value)) return failAt(line, [key], `${key} is no list: ${quote(value)}`, 'as ["SYN"], or [] for none');
  const names: readonly unknown[] = value;
  for (const [index, name] of names.entries()) readChoice(line, "flag", FLAG_NAMES, [key, index], name);
  return toFlagBits(names.map(String));
}

/** A verdict, or `{"verdict", "to"}`; null where the key is absent. */
export function readExpectation(line: Line, key: string): Expectation | null {
  const value = line.value[key];
  if (value === undefined) return null;
  if (typeof value === "string") return { verdict: readVerdict(line, [key], value), to: null };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return failAt(line, [key], `${key} is no verdict: ${quote(value)}`);
  const { verdict, to, ...others } = value as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) return failAt(line, [key, other], `${quote(other)} is no part of an expectation`, suggest(other, ["verdict", "to"]));
  return { verdict: readVerdict(line, [key, "verdict"], verdict), to: to === undefined ? null : readTarget(line, [key, "to"], to) };
}

function readVerdict(line: Line, path: JSONPath, value: unknown): Expectation["verdict"] {
  return readChoice(line, "verdict", VERDICTS, path, value) ?? failAt(line, path, "verdict is missing");
}

/** `172.17.0.2:80`, `[2001:db8::2]:80`, an address alone, or `{"address", "port"}` as in the output. */
function readTarget(line: Line, path: JSONPath, value: unknown): NonNullable<Expectation["to"]> {
  const { address, port } = typeof value === "string" ? splitTarget(value) : { address: undefined, port: null, ...(value as object) };
  const hint = 'as "172.17.0.2:80" or {"address": "172.17.0.2", "port": 80}';
  const isPort = port === null || (typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= 65535);
  if (typeof address !== "string" || parseAddress(address) === null) return failAt(line, path, `to is no address: ${quote(value)}`, hint);
  if (!isPort) return failAt(line, path, `to has no port from 0 to 65535: ${quote(value)}`, hint);
  return { address, port };
}

function splitTarget(text: string): { readonly address: string; readonly port: number | null } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  return { address: bracketed ?? plain ?? text, port: port === undefined ? null : Number(port) };
}

function failAt(line: Line, path: JSONPath, message: string, hint?: string): never {
  return fail(line, findNodeAtLocation(line.tree, path) ?? undefined, message, hint);
}

function fail({ position }: Line, node: Node | undefined, message: string, hint?: string): never {
  throw new HardenError(message, { position: { ...position, column: (node?.offset ?? 0) + 1 }, ...(hint === undefined ? {} : { hint }) });
}
