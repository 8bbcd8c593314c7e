/** Where services are written: each file, and each document of it, may say something of one. */
import { createSource, readSyntax, type Source, unifyBreaks, type UsedFile, type WrittenNode, type WrittenPair } from "../../../compose/index.ts";
import type { Editable } from "./insert.ts";
import { findStyle } from "./style.ts";

export interface Definition extends Editable {
  readonly source: Source;
  readonly key: WrittenNode;
  readonly body: WrittenNode | null;
}

export type Definitions = ReadonlyMap<string, readonly Definition[]>;

/** Files whose services are their own, in the order in which one would look for a service. What `extends` leads to is written for others too. */
const ROLES: readonly UsedFile["role"][] = ["compose", "override", "include"];

/** By `services/NAME` or `jobs/NAME`, those of the main files first. */
export function findDefinitions(files: readonly UsedFile[], texts: ReadonlyMap<string, string>): Definitions {
  const found = new Map<string, Definition[]>();
  for (const { file, role } of [...files].sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role))) {
    const given = texts.get(file);
    if (given === undefined || !ROLES.includes(role)) continue;
    // All offsets stay.
    const text = unifyBreaks(given);
    const roots = readSyntax(text);
    const style = findStyle(text, roots);
    const source = createSource(file, text);
    for (const section of ["services", "jobs"]) {
      for (const { key, value } of roots.flatMap((root) => pairsOf(findPair(root, section)?.value ?? null))) {
        const name = `${section}/${textOf(key)}`;
        found.set(name, [...(found.get(name) ?? []), { file, text, style, source, key, body: value }]);
      }
    }
  }
  return found;
}

export function findPair(node: WrittenNode | null, key: string): WrittenPair | undefined {
  return pairsOf(node).find((pair) => textOf(pair.key) === key);
}

/** Whether it is completed by what stands elsewhere: what is mended there need not be mended here. */
export function inherits({ body }: Definition): boolean {
  return body?.kind === "alias" || findPair(body, "<<") !== undefined || findPair(body, "extends") !== undefined;
}

function pairsOf(node: WrittenNode | null): readonly WrittenPair[] {
  return node?.kind === "map" ? node.pairs : [];
}

function textOf(node: WrittenNode): string {
  return node.kind === "scalar" ? node.text : "";
}
