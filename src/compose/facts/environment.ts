/** Environment, command line, labels and hooks of a service, redacted as everything is that harden shows. */
import type { EnvironmentEntry } from "../../facts/model/container.ts";
import { pointer } from "../../facts/resource.ts";
import { credentialRule, redactCommand, redactValue } from "../../snapshot/redact.ts";
import { child, type MapNode, type Node, unknownsOf } from "../node.ts";
import { type Pair, pairsAt } from "../values/read.ts";
import { listHooks } from "./hooks.ts";
import { readCommand, readText, type Readings } from "./probe.ts";
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
    const redact = (text: string): string => redactValue(pair.name, text);
    const { shown, certain, possible, variables } = readText(pair.value, variablesOf(pair, section));
    const readings = { shown: redact(shown), certain: redact(certain), possible: redact(possible), variables };
    return toPlaced({ key: prefix + pair.name, name: pair.name, at }, readings, { ...pair.node, at: pair.at }, child(spec, section));
  });
}

/** A name without a value stands in an environment for the variable of whoever starts the project. */
function variablesOf(pair: Pair, section: string): readonly string[] {
  const names = unknownsOf(pair.node);
  return names.length === 0 && pair.value === null && section === "environment" ? [pair.name] : names;
}

/** What one word is may hang on those before it. */
function readWords(spec: MapNode, at: string, prefix: string): Placed[] {
  const [entrypoint = [], command = []] = ["entrypoint", "command"].map((key) => wordsAt(child(spec, key)));
  const words = [...entrypoint, ...command];
  const redact = (texts: readonly string[]): readonly string[] => {
    const [first, rest] = [texts.slice(0, entrypoint.length), texts.slice(entrypoint.length)];
    return [...redactCommand(first), ...redactCommand(rest, first)];
  };
  const [shown, certain, possible] = (["shown", "certain", "possible"] as const).map((reading) => redact(words.map(({ readings }) => readings[reading])));
  return words.map(({ readings: { variables }, node }, index) => {
    const name = `argument ${index + 1}`;
    const readings = { shown: shown?.[index] ?? "", certain: certain?.[index] ?? "", possible: possible?.[index] ?? "", variables };
    return toPlaced({ key: prefix + name, name, at }, readings, node, undefined);
  });
}

function wordsAt(node: Node | undefined): readonly { readonly readings: Readings; readonly node: Node }[] {
  if (node?.kind === "list") return node.items.map((item) => ({ readings: readText(item.kind === "scalar" ? String(item.value) : "", unknownsOf(item)), node: item }));
  if (node?.kind !== "scalar" || typeof node.value !== "string") return [];
  return readCommand(node.value, unknownsOf(node)).map((readings) => ({ readings, node }));
}

/** `readings` are redacted. */
function toPlaced(entry: Pick<EnvironmentEntry, "key" | "name" | "at">, { shown, certain, possible, variables }: Readings, node: Node, holder: Node | undefined): Placed {
  const credential = credentialRule(certain);
  const mayBeCredential = variables.length > 0 && credential === null && (credentialRule(possible) !== null || entry.name.includes("$"));
  return { entry: { ...entry, value: shown, credential }, node, holder, variables, mayBeCredential };
}

function unseenFile(record: FactRecord, file: string, index: number): EnvironmentEntry {
  const at = pointer(["environment", index]);
  place(record, ["environment", index], ["env_file"]);
  record.unknown[at] = `${file} is not there`;
  return { key: file, name: file, value: "", at: "environment", credential: null };
}
