/** The list of objects: tables, and what belongs to each by family and name. */
import type { NftBase, NftChain, NftObject, NftPlace, NftRule, NftRuleset, NftSet, NftTable } from "../model.ts";
import { readElement } from "./element.ts";
import { readExpression } from "./expression.ts";
import { readLimit, readQuota } from "./rates.ts";
import { fieldOf, fieldsOf, listOf, numberOf, optionalNumber, optionalText, ShapeError, soleField, textOf, textsOf, type Fields } from "./shape.ts";
import { readStatement } from "./statement.ts";

export type PlaceOf = (index: number, object: object | null) => NftPlace;

/** Throws `ShapeError`. */
export function readObjects(value: unknown, placeOf: PlaceOf): NftRuleset {
  const list = fieldOf(fieldsOf(value, 'nft\'s output, {"nftables": […]},'), "nftables");
  if (!Array.isArray(list)) throw new ShapeError('expected {"nftables": […]}, as `nft -j list ruleset` prints it', value as object);
  const reading: Reading = { version: null, tables: new Map() };
  for (const [index, object] of (list as readonly unknown[]).entries()) {
    const [type, body] = soleField(object) ?? [];
    if (type === undefined) throw new ShapeError("expected an object with one key", list);
    readObject(reading, type, fieldsOf(body, type), placeOf(index, object as object));
  }
  return { version: reading.version, tables: [...reading.tables.values()].map(finishTable) };
}

interface Reading {
  version: string | null;
  readonly tables: Map<string, OpenTable>;
}

type OpenTable = Omit<NftTable, "chains" | "sets" | "objects"> & {
  readonly chains: Map<string, Omit<NftChain, "rules"> & { readonly rules: NftRule[] }>;
  readonly sets: NftSet[];
  readonly objects: NftObject[];
};

function finishTable({ chains, ...table }: OpenTable): NftTable {
  return { ...table, chains: [...chains.values()] };
}

function readObject(reading: Reading, type: string, body: Fields, place: NftPlace): void {
  if (type === "metainfo") reading.version = optionalText(body, "version");
  else if (type === "table") addTable(reading, body, place);
  else if (type === "chain") addChain(tableOf(reading, body), body, place);
  else if (type === "rule") addRule(tableOf(reading, body), body, place);
  else if (type === "set" || type === "map") tableOf(reading, body).sets.push(readSet(body, place));
  else tableOf(reading, body).objects.push(readNamedObject(type, body, place));
}

function addTable({ tables }: Reading, body: Fields, place: NftPlace): void {
  const [family, name] = [textOf(body, "family"), textOf(body, "name")];
  if (tables.has(keyOf(family, name))) throw new ShapeError(`table ${family} ${name} occurs twice`, body);
  tables.set(keyOf(family, name), { family, name, place, flags: textsOf(body, "flags"), chains: new Map(), sets: [], objects: [] });
}

function tableOf({ tables }: Reading, body: Fields): OpenTable {
  const [family, name] = [textOf(body, "family"), textOf(body, "table")];
  const table = tables.get(keyOf(family, name));
  if (table === undefined) throw new ShapeError(`table ${family} ${name} is not declared before`, body);
  return table;
}

function keyOf(family: string, name: string): string {
  return `${family} ${name}`;
}

function addChain(table: OpenTable, body: Fields, place: NftPlace): void {
  const name = textOf(body, "name");
  if (table.chains.has(name)) throw new ShapeError(`chain ${name} occurs twice in table ${table.family} ${table.name}`, body);
  table.chains.set(name, { name, place, base: readBase(body), rules: [] });
}

function readBase(body: Fields): NftBase | null {
  const hook = optionalText(body, "hook");
  if (hook === null) return null;
  const policy = optionalText(body, "policy") ?? "accept";
  if (policy !== "accept" && policy !== "drop") throw new ShapeError(`unknown policy "${policy}"`, body);
  return { type: textOf(body, "type"), hook, priority: numberOf(body, "prio"), policy, devices: [...textsOf(body, "dev"), ...textsOf(body, "devices")] };
}

function addRule(table: OpenTable, body: Fields, place: NftPlace): void {
  const chain = table.chains.get(textOf(body, "chain"));
  if (chain === undefined) throw new ShapeError(`chain ${textOf(body, "chain")} is not declared before its rule`, body);
  if (!Array.isArray(fieldOf(body, "expr"))) throw new ShapeError('expected "expr" as a list', body);
  chain.rules.push({
    handle: optionalNumber(body, "handle"),
    index: chain.rules.length + 1,
    place,
    comment: optionalText(body, "comment"),
    statements: listOf(body, "expr").map(readStatement),
  });
}

function readSet(body: Fields, place: NftPlace): NftSet {
  return {
    name: textOf(body, "name"),
    place,
    keyTypes: readTypes(fieldOf(body, "type")),
    valueType: readTypes(fieldOf(body, "map")).join(" . ") || null,
    flags: textsOf(body, "flags"),
    timeout: optionalNumber(body, "timeout"),
    size: optionalNumber(body, "size"),
    elements: listOf(body, "elem").map((element) => readElement(element, readExpression)),
  };
}

/** A set that is declared by `typeof` may, with newer versions, print an expression: then the types are not told. */
function readTypes(types: unknown): readonly string[] {
  return (Array.isArray(types) ? types : [types]).filter((type) => typeof type === "string");
}

function readNamedObject(type: string, body: Fields, place: NftPlace): NftObject {
  const base = { name: textOf(body, "name"), place };
  if (type === "limit") return { ...base, kind: "limit", limit: readLimit(body) };
  if (type === "quota") return { ...base, kind: "quota", quota: readQuota(body) };
  if (type === "counter") return { ...base, kind: "counter", packets: numberOf(body, "packets"), bytes: numberOf(body, "bytes") };
  return { ...base, kind: "other", type, json: body };
}
