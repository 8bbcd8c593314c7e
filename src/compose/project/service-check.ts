/** One thing that Compose refuses of a service, seen in its whole project. */
import type { HardenError } from "../../errors.ts";
import { quote } from "../../text.ts";
import { missingAt } from "../fault.ts";
import { descend, type Entry, type MapNode, type Node } from "../node.ts";
import { scalarAt } from "../values/read.ts";

/** The service `name` of the project `model`, with its key. */
export interface ServiceContext {
  readonly model: MapNode;
  readonly name: string;
  readonly entry: Entry;
  readonly service: Node;
}

/** The faults of one service; empty if there are none. */
export type ServiceCheck = (context: ServiceContext) => readonly HardenError[];

/** The configs or secrets that a service, or its build, is granted and that the project does not declare. */
export function findMissing(model: MapNode, name: string, list: Node | undefined, section: "configs" | "secrets"): HardenError[] {
  if (list?.kind !== "list") return [];
  return list.items.flatMap((grant) => {
    const source = scalarAt(grant, "source");
    if (source?.unknown !== undefined) return [];
    const wanted = source?.value ?? "";
    return typeof wanted === "string" && descend(model, section, wanted) !== undefined
      ? []
      : [missingAt(source?.at ?? grant.at, `the service ${quote(name)} uses ${quote(wanted)} of ${section}, which is not declared`)];
  });
}
