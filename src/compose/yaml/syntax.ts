/** A compose file's text as it is written, for who edits it: what stands where and in which form, nothing resolved or merged. */
import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from "yaml";
import { parseDocuments } from "./parse.ts";

interface Written {
  /** Offset of the value itself, behind its anchor and tag. */
  readonly start: number;
  /** Exclusive. Of a block collection the end of its last value; of a block scalar the start of the next line. */
  readonly end: number;
  readonly tag: string | null;
  readonly anchored: boolean;
}

export interface WrittenScalar extends Written {
  readonly kind: "scalar";
  readonly form: "plain" | "single" | "double" | "block";
  /** As text, without quotes and escapes. */
  readonly text: string;
}

export interface WrittenAlias extends Written {
  readonly kind: "alias";
}

export interface WrittenList extends Written {
  readonly kind: "list";
  readonly flow: boolean;
  readonly items: readonly WrittenItem[];
}

/** An item that is not there is null. */
export interface WrittenItem {
  /** Of a block list the dash, else the value. */
  readonly start: number;
  readonly value: WrittenNode | null;
}

export interface WrittenMap extends Written {
  readonly kind: "map";
  readonly flow: boolean;
  readonly pairs: readonly WrittenPair[];
}

/** A value that is not there is null. */
export interface WrittenPair {
  readonly key: WrittenNode;
  readonly value: WrittenNode | null;
}

export type WrittenNode = WrittenScalar | WrittenAlias | WrittenList | WrittenMap;

/** The root of each document. The text must be one that readDocuments takes, with its line breaks unified. */
export function readSyntax(text: string): readonly WrittenNode[] {
  return parseDocuments(text, { keepSourceTokens: true }).flatMap(({ contents }) => toWritten(contents) ?? []);
}

function toWritten(node: ParsedNode | null): WrittenNode | null {
  if (node === null) return null;
  const [start, end] = node.range;
  if (isAlias(node)) return { kind: "alias", start, end, tag: null, anchored: false };
  const common = { start, end, tag: node.tag ?? null, anchored: node.anchor !== undefined };
  if (isMap(node)) return toMap(node, common);
  if (isSeq(node)) return toList(node, common);
  if (!isScalar(node) || (start === end && node.type === "PLAIN")) return null;
  return { ...common, kind: "scalar", form: FORMS[node.type ?? "PLAIN"] ?? "block", text: typeof node.value === "string" ? node.value : "" };
}

const FORMS: Readonly<Record<string, WrittenScalar["form"]>> = { PLAIN: "plain", QUOTE_SINGLE: "single", QUOTE_DOUBLE: "double" };

function toMap({ items, flow = false }: YAMLMap.Parsed, common: Written): WrittenMap {
  const pairs = items.flatMap(({ key, value }): WrittenPair[] => {
    const written = toWritten(key);
    return written === null ? [] : [{ key: written, value: toWritten(value) }];
  });
  const last = pairs.at(-1);
  return { ...common, kind: "map", flow, pairs, end: flow || last === undefined ? common.end : (last.value ?? last.key).end };
}

function toList({ items: nodes, flow = false, srcToken }: YAMLSeq.Parsed, common: Written): WrittenList {
  const tokens = srcToken?.type === "block-seq" ? srcToken.items : [];
  const items = nodes.map((node, index): WrittenItem => {
    const dash = tokens[index]?.start.find(({ type }) => type === "seq-item-ind");
    return { start: dash?.offset ?? node.range[0], value: toWritten(node) };
  });
  const last = items.at(-1);
  return { ...common, kind: "list", flow, items, end: flow || last === undefined ? common.end : (last.value?.end ?? last.start + 1) };
}
