/** Environment, command line and labels of a service, redacted as everything is that harden shows. */
import type { EnvironmentEntry } from "../../facts/model/container.ts";
import { pointer } from "../../facts/resource.ts";
import { credentialRule, redactCommand, redactValue } from "../../snapshot/redact.ts";
import { child, type Node, unknownsOf } from "../node.ts";
import { type Pair, pairsAt } from "../values/read.ts";
import { splitWords } from "../values/shell-words.ts";
import { describeVariables, type FactRecord, place, placeNode } from "./record.ts";

export function readEnvironment(record: FactRecord, missing: readonly string[]): EnvironmentEntry[] {
  place(record, ["environment"], ["environment"], ["env_file"]);
  const { spec } = record;
  const variables = pairsAt(spec, "environment").map((pair) => toEntry(pair, "environment", child(spec, "environment")));
  const labels = pairsAt(spec, "labels").map((pair) => toEntry(pair, "label", child(spec, "labels")));
  const all = [...variables, ...readWords(record), ...labels];
  all.forEach(({ node, pair, holder }, index) => {
    const at = pointer(["environment", index]);
    placeNode(record, at, node, holder);
    const reason = whyUnknown(node, pair);
    if (reason === null) return;
    record.unknown[`${at}/value`] = reason;
    record.unknown[`${at}/credential`] = reason;
  });
  return [...all.map(({ entry }) => entry), ...missing.map((file, index) => unseenFile(record, file, all.length + index))];
}

export function readLabels(spec: Node): Record<string, string> {
  return Object.fromEntries(pairsAt(spec, "labels").map(({ name, value }) => [name, redactValue(name, value ?? "")]));
}

interface Placed {
  readonly entry: EnvironmentEntry;
  readonly node: Node;
  readonly pair: Pair | null;
  /** The list or map that it stands in. */
  readonly holder: Node | undefined;
}

function toEntry(pair: Pair, at: "environment" | "label", holder: Node | undefined): Placed {
  const value = redactValue(pair.name, pair.value ?? "");
  return { entry: entryOf(pair.name, value, at), node: { ...pair.node, at: pair.at }, pair: at === "environment" ? pair : null, holder };
}

function entryOf(name: string, value: string, at: string): EnvironmentEntry {
  return { key: at === "environment" ? name : `${at} ${name}`, name, value, at, credential: credentialRule(value) };
}

/** A name without a value stands for the variable of whoever starts the project. */
function whyUnknown(node: Node, pair: Pair | null): string | null {
  const names = unknownsOf(node);
  if (names.length > 0) return describeVariables(names);
  return pair !== null && pair.value === null ? describeVariables([pair.name]) : null;
}

function readWords(record: FactRecord): Placed[] {
  const entrypoint = wordsAt(child(record.spec, "entrypoint"));
  const command = wordsAt(child(record.spec, "command"));
  const redacted = [
    ...redactCommand(entrypoint.map(({ word }) => word)),
    ...redactCommand(command.map(({ word }) => word), entrypoint.map(({ word }) => word)),
  ];
  return [...entrypoint, ...command].map(({ node }, index) => ({ entry: entryOf(`argument ${index + 1}`, redacted[index] ?? "", "command"), node, pair: null, holder: undefined }));
}

function wordsAt(node: Node | undefined): readonly { readonly word: string; readonly node: Node }[] {
  if (node?.kind === "list") return node.items.map((item) => ({ word: item.kind === "scalar" ? String(item.value) : "", node: item }));
  if (node?.kind !== "scalar" || typeof node.value !== "string") return [];
  return (splitWords(node.value) ?? []).map((word) => ({ word, node }));
}

function unseenFile(record: FactRecord, file: string, index: number): EnvironmentEntry {
  const at = pointer(["environment", index]);
  place(record, ["environment", index], ["env_file"]);
  record.unknown[at] = `${file} is not there`;
  return entryOf(file, "", "environment");
}
