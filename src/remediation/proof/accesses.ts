/** What becomes of accesses that are there now: published ports, and what containers open themselves. */
import { deriveFacts } from "../../facts/derive.ts";
import type { Port } from "../../facts/model/port.ts";
import type { Ruleset } from "../../facts/model/ruleset.ts";
import type { Tell } from "../../facts/tell.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { resourcesOf } from "../resources.ts";
import { takeFew } from "./few.ts";
import type { Proof } from "../model.ts";

/** `kinds`: ports and rule sets as they are now. */
export function compareAccesses(kinds: DerivedKinds, after: Snapshot, tell: Tell): Pick<Proof, "ports" | "containers"> {
  const later = deriveFacts(after, ["port", "ruleset"], tell);
  const then = new Map(resourcesOf(later, "port").map((port) => [port.id, port]));
  const ports = resourcesOf(kinds, "port");
  const reached = ports.filter(({ reachable }) => reachable);
  const changed = reached.flatMap((port) => {
    const [before, now] = [sayReach(port), sayReach(then.get(port.id))];
    return before === now ? [] : [{ port: port.id, before, after: now }];
  });
  const known = new Set(resourcesOf(kinds, "ruleset").flatMap(listHits));
  return {
    ports: { kept: reached.length - changed.length, unknown: ports.filter(isUntold).length, changed: takeFew(changed) },
    containers: resourcesOf(later, "ruleset").flatMap((ruleset) => [...listHits(ruleset).filter((hit) => !known.has(hit)), ...listUntold(ruleset)]),
  };
}

/** Of a stopped container nobody asks. */
function isUntold({ reachable, unknown }: Port): boolean {
  return !reachable && unknown["/reachable"]?.startsWith("its container") === false;
}

function sayReach(port: Port | undefined): string {
  if (port === undefined) return "not published";
  if (!port.reachable) return Object.hasOwn(port.unknown, "/reachable") ? `not known: ${port.unknown["/reachable"] ?? ""}` : "from nowhere";
  return `from ${port.reachableFromAny ? "any source" : port.reachableFrom}`;
}

/** Rules are told by their text: their lines move. */
function listHits({ id, egressLimits, droppedAnswers }: Ruleset): string[] {
  const text = (rule: string): string => rule.replace(/^.*? line \d+: /, "");
  return [
    ...egressLimits.map(({ network, rule }) => `${id}, network ${network}: connections that its containers open are limited by ${text(rule)}`),
    ...droppedAnswers.map(({ network, rule }) => `${id}, network ${network}: answers to its containers are dropped by ${text(rule)}`),
  ];
}

function listUntold({ id, unknown }: Ruleset): string[] {
  const reasons = new Set(["/egressLimits", "/droppedAnswers"].flatMap((pointer) => unknown[pointer] ?? []));
  return [...reasons].map((reason) => `${id}: whether it is limited, or not answered, cannot be told: ${reason}`);
}
