/** Places of a running container's facts in its compose files, where both say the same. */
import { isFilePlace, lookUp, type Place } from "../resource.ts";
import type { Container } from "../model/container.ts";
import { at as valueAt, listAt, textAt } from "../raw.ts";
import type { Comparison } from "./compare.ts";
import { doubt, placeIn, type Written } from "./written.ts";

/** Its origins, those of what agrees in the file that caused it. What only the kernel shows, or the daemon's configuration decides, stays where it is. */
export function locateAgreed(container: Container, written: Written, { agreed, agreedLists }: Comparison): Container["origins"] {
  const isOwn = (at: string): boolean => isOfContainer(lookUp(container.origins, at));
  // What is configured alike may be otherwise for the kernel.
  const configured = agreed.filter(([here]) => !VALUES.includes(here));
  const claims = [...configured, ...listEqual(container, written)].filter(([here]) => isOwn(here));
  const claimed = new Set(claims.map(([here]) => here));
  const kept = Object.entries(container.origins).filter(([at]) => !isBelow(at, claimed));
  const lists = agreedLists.filter((at) => isOwn(at) && !VALUES.includes(at)).flatMap((at) => placeOf(at, at, written));
  return Object.fromEntries([...kept, ...lists, ...claims.flatMap(([here, there]) => placesBelow(here, there, written))]);
}

function isOfContainer(place: Place | undefined): boolean {
  return place !== undefined && !isFilePlace(place) && ["containers", "processes"].includes(place.source);
}

/** Whether one of those pointers speaks for all that `at` speaks for. */
function isBelow(at: string, pointers: ReadonlySet<string>): boolean {
  for (let current = at; current !== ""; current = current.slice(0, current.lastIndexOf("/"))) if (pointers.has(current)) return true;
  return false;
}

/** Where a value of the file stands, and its parts, by the pointers that they have in what runs. */
function placesBelow(here: string, there: string, written: Written): [string, Place][] {
  const parts = Object.keys(written.service.places).filter((at) => at.startsWith(`${there}/`));
  return [...placeOf(here, there, written), ...parts.flatMap((at) => placeOf(here + at.slice(there.length), at, written))];
}

function placeOf(here: string, there: string, written: Written): [string, Place][] {
  const place = placeIn(written, there);
  return place === undefined ? [] : [[here, place]];
}

/** What policies read beside the fields that are compared. */
const VALUES = [
  "/noNewPrivileges", "/seccomp/unconfined", "/apparmor/unconfined", "/selinux/disabled", "/systemPathsUnconfined", "/capabilities/dropsAll", "/capabilities/effective",
  "/onDefaultBridge", "/logging/driver", "/logging/maxSize", "/healthcheck/configured",
];

function listEqual(container: Container, written: Written): (readonly [string, string])[] {
  const { facts, unknown, places } = written.service;
  const equal = VALUES.filter((at) => lookUp(unknown, at) === undefined && JSON.stringify(follow(container, at)) === JSON.stringify(follow(facts, at)));
  const none = !Object.hasOwn(places, "/healthcheck") && !container.healthcheck.configured ? ["/healthcheck/configured"] : [];
  const differing = ["/capabilities/effective"].filter((at) => !equal.includes(at));
  return [
    ...[...equal, ...none].map((at) => [at, at] as const),
    ...differing.flatMap((at) => pairElements(listAt(container, ...split(at)), listAt(facts, ...split(at)), at, (value) => (typeof value === "string" ? value : null))),
    // What they hold is in no snapshot: that both are credentials, or that a variable fills one in, is what is the same.
    ...pairElements(container.environment, listAt(facts, "environment"), "/environment", (entry) => textAt(entry, "key"))
      .filter(([here, there]) => textAt(container, ...split(here), "credential") !== null && (textAt(facts, ...split(there), "credential") !== null || doubt(written, `${there}/value`) !== null)),
  ];
}

function follow(value: unknown, at: string): unknown {
  return valueAt(value, ...split(at));
}

function split(at: string): string[] {
  return at.slice(1).split("/");
}

/** Elements that have the same name on both sides; null is one without. */
function pairElements(here: readonly unknown[], there: readonly unknown[], at: string, nameOf: (value: unknown) => string | null): (readonly [string, string])[] {
  const byName = new Map(there.map((value, index) => [nameOf(value), index]));
  return here.flatMap((value, index) => {
    const name = nameOf(value);
    const other = name === null ? undefined : byName.get(name);
    return other === undefined ? [] : [[`${at}/${index}`, `${at}/${other}`] as const];
  });
}
