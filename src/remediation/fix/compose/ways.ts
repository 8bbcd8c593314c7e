/** The ways in which files can be made to say something else of a service: the one that changes least first. */
import type { WrittenNode } from "../../../compose/index.ts";
import type { TextEdit } from "../text-edits.ts";
import { type Definition, findPair } from "./definitions.ts";
import { type Difference, type Edited, editPair } from "./edit-node.ts";
import { insertAt, insertBody, insertPairs, insertPairsFirst } from "./insert.ts";
import { isList, isMap, type Plain, type PlainMap } from "./plain.ts";
import { printFlow, printPairs } from "./print.ts";

export interface Goal {
  /** Of the service. */
  readonly key: string;
  readonly difference: Difference;
  /** The whole value, if it may be written as it is: no variable has a part in it. Else undefined. */
  readonly whole: Plain | undefined;
}

export interface Ways {
  readonly ways: readonly (readonly TextEdit[])[];
  /** Why what comes first to mind is not among them; null if it is. */
  readonly reason: string | null;
}

/** Each has to be tried: whether a file's text says what it seems to shows only when the project is read again. */
export function listWays(definitions: readonly Definition[], goal: Goal): Ways {
  const own = listOwnEdits(definitions, goal);
  const reasons = own.filter((edited) => typeof edited === "string");
  const { gone, more } = goal.difference;
  // What is on cannot be taken away from here where another place sets it, but be switched off.
  const put = more ?? (gone === true ? false : undefined);
  const ways = [
    ...own.filter((edited) => typeof edited !== "string"),
    ...(put === undefined ? [] : definitions.flatMap((definition) => listInsertions(definition, goal.key, put))),
    ...(goal.whole === undefined ? [] : definitions.flatMap((definition) => listReplacements(definition, goal.key, goal.whole ?? null))),
  ];
  return { ways: ways.filter((way) => way.length > 0), reason: reasons[0] ?? null };
}

/** In every definition that has the key what is to go goes; what is to come is put into one of them. */
function listOwnEdits(definitions: readonly Definition[], { key, difference: { gone, more } }: Goal): Edited[] {
  const own = definitions.filter(({ body }) => findPair(body, key) !== undefined);
  const targets = more === undefined ? [null] : isMap(more) || isList(more) ? own : [...own].reverse();
  return targets.map((target): Edited => {
    const edits: TextEdit[] = [];
    for (const definition of own) {
      const edited = editOwn(definition, key, { gone, more: definition === target ? more : undefined });
      if (typeof edited === "string") return edited;
      edits.push(...edited);
    }
    return edits;
  });
}

function editOwn(definition: Definition, key: string, difference: Difference): Edited {
  const { body } = definition;
  const pair = findPair(body, key);
  return body?.kind !== "map" || pair === undefined ? [] : editPair(definition, body, pair, difference);
}

function listInsertions(definition: Definition, key: string, value: Plain): TextEdit[][] {
  const { body } = definition;
  const pairs: PlainMap = { [key]: value };
  if (body === null) return [[insertBody(definition, definition.key, pairs)]];
  if (body.kind === "alias") return [extendAlias(definition, body, pairs)];
  if (body.kind !== "map" || findPair(body, key) !== undefined) return [];
  return [insertPairs(definition, body, pairs), ...(body.flow ? [] : [[insertPairsFirst(definition, body, pairs)]])];
}

/** `web: *base` becomes a map that takes everything from there and has the pairs besides. */
function extendAlias({ file }: Definition, { start, end }: WrittenNode, pairs: PlainMap): TextEdit[] {
  return [insertAt(file, start, "{<<: "), insertAt(file, end, `, ${printPairs(pairs, "plain")}}`)];
}

function listReplacements(definition: Definition, key: string, value: Plain): TextEdit[][] {
  const { body, file } = definition;
  const present = findPair(body, key)?.value;
  if (present?.kind === "alias") return [[{ file, start: present.start, end: present.end, text: printFlow(value, "plain") }]];
  return present === undefined ? listInsertions(definition, key, value) : [];
}
