/** Environment, command line, labels and hooks of a service, redacted as everything is that harden shows. */
import type { EnvironmentEntry } from "../../facts/model/container.ts";
import { pointer } from "../../facts/resource.ts";
import { credentialRule, redactCommand, redactValue } from "../../snapshot/redact.ts";
import { child, type MapNode, type Node, unknownsOf } from "../node.ts";
import { type Pair, pairsAt } from "../values/read.ts";
import { splitWords } from "../values/shell-words.ts";
import { listHooks } from "./hooks.ts";
import { withoutVariables, withProbes } from "./probe.ts";
import { describeVariables, type FactRecord, place, placeNode } from "./record.ts";

export function readEnvironment(record: FactRecord, missing: readonly string[]): EnvironmentEntry[] {
  place(record, ["environment"], ["environment"], ["env_file"]);
  const { spec } = record;
  const hooks = listHooks(spec).flatMap(({ at, spec: hook }) => [...readPairs(hook, "environment", "hook", `${at} `), ...readWords(hook, "hook", `${at} `)]);
  const all = [...readPairs(spec, "environment", "environment", ""), ...readWords(spec, "command", "command "), ...readPairs(spec, "labels", "label", "label "), ...hooks];
  all.forEach(({ node, holder, variables, mayBeCredential }, index) => {
    const at = pointer(["environment", index]);
    placeNode(record, at, node, holder);
    if (variables.length > 0) record.unknown[`${at}/value`] = describeVariables(variables);
    if (mayBeCredential) record.unknown[`${at}/credential`] = describeVariables(variables);
  });
  return [...all.map(({ entry }) => entry), ...missing.map((file, index) => unseenFile(record, file, all.length + index))];
}

export function readLabels(spec: Node): Record<string, string> {
  return Object.fromEntries(pairsAt(spec, "labels").map(({ name, value }) => [name, redactValue(name, value ?? "")]));
}

interface Placed {
  readonly entry: EnvironmentEntry;
  readonly node: Node;
  /** The list or map that it stands in. */
  readonly holder: Node | undefined;
  /** Those without a value that it hangs on. */
  readonly variables: readonly string[];
  /** Nothing that is written there is one, but what a variable holds may be. */
  readonly mayBeCredential: boolean;
}

/** `KEY=VALUE` in either form. */
function readPairs(spec: Node, section: "environment" | "labels", at: string, prefix: string): Placed[] {
  return pairsAt(spec, section).map((pair) => {
    const variables = variablesOf(pair, section);
    const redact = (text: string): string => redactValue(pair.name, text);
    const readings = { shown: redact(pair.value ?? ""), certain: redact(withoutVariables(pair.value, variables)), possible: redact(withProbes(pair.value, variables)) };
    return toPlaced({ key: prefix + pair.name, name: pair.name, at }, readings, { node: { ...pair.node, at: pair.at }, holder: child(spec, section), variables });
  });
}

/** A name without a value stands in an environment for the variable of whoever starts the project. */
function variablesOf(pair: Pair, section: string): readonly string[] {
  const names = unknownsOf(pair.node);
  return names.length === 0 && pair.value === null && section === "environment" ? [pair.name] : names;
}

function readWords(spec: MapNode, at: string, prefix: string): Placed[] {
  const [entrypoint, command] = ["entrypoint", "command"].map((key) => wordsAt(child(spec, key)));
  const words = [...(entrypoint ?? []), ...(command ?? [])];
  const redact = (texts: readonly string[]): readonly string[] => {
    const [first, rest] = [texts.slice(0, entrypoint?.length), texts.slice(entrypoint?.length)];
    return [...redactCommand(first), ...redactCommand(rest, first)];
  };
  const shown = redact(words.map(({ word }) => word));
  const certain = redact(words.map(({ word, node }) => withoutVariables(word, unknownsOf(node))));
  const possible = redact(words.map(({ word, node }) => withProbes(word, unknownsOf(node))));
  return words.map(({ node }, index) => {
    const name = `argument ${index + 1}`;
    const readings = { shown: shown[index] ?? "", certain: certain[index] ?? "", possible: possible[index] ?? "" };
    return toPlaced({ key: prefix + name, name, at }, readings, { node, holder: undefined, variables: unknownsOf(node) });
  });
}

function wordsAt(node: Node | undefined): readonly { readonly word: string; readonly node: Node }[] {
  if (node?.kind === "list") return node.items.map((item) => ({ word: item.kind === "scalar" ? String(item.value) : "", node: item }));
  if (node?.kind !== "scalar" || typeof node.value !== "string") return [];
  return (splitWords(node.value) ?? []).map((word) => ({ word, node }));
}

/** One value, redacted: as it is shown, without what variables hold, and with a credential in their place. */
interface Readings {
  readonly shown: string;
  readonly certain: string;
  readonly possible: string;
}

function toPlaced(entry: Pick<EnvironmentEntry, "key" | "name" | "at">, { shown, certain, possible }: Readings, at: Pick<Placed, "node" | "holder" | "variables">): Placed {
  const credential = credentialRule(certain);
  const mayBeCredential = at.variables.length > 0 && credential === null && (credentialRule(possible) !== null || entry.name.includes("$"));
  return { ...at, entry: { ...entry, value: shown, credential }, mayBeCredential };
}

function unseenFile(record: FactRecord, file: string, index: number): EnvironmentEntry {
  const at = pointer(["environment", index]);
  place(record, ["environment", index], ["env_file"]);
  record.unknown[at] = `${file} is not there`;
  return { key: file, name: file, value: "", at: "environment", credential: null };
}
