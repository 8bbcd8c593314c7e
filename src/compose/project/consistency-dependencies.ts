/** Dependencies on what is not there, and cycles of dependencies. */
import type { HardenError } from "../../errors.ts";
import { quote } from "../../text.ts";
import { faultAt, missingAt } from "../fault.ts";
import { descend, type Entry, type MapNode } from "../node.ts";
import { entriesAt } from "../values/read.ts";

export function findDependencyFaults(model: MapNode): HardenError[] {
  const missing = findUndefined(model);
  return missing.length > 0 ? missing : findCycle(model);
}

function findUndefined(model: MapNode): HardenError[] {
  const exists = (section: string, name: string): boolean => descend(model, section, name) !== undefined;
  const ofServices = entriesAt(model, "services").flatMap(([name, { value }]) =>
    entriesAt(value, "depends_on").flatMap(([other, { key }]) => {
      if (exists("services", other) || HANGS.test(other)) return [];
      const words = `the service ${quote(name)} depends on ${quote(other)}`;
      return [exists("jobs", other) ? faultAt(key, `${words}, which is a job: services depend on services only`) : missingAt(key, `${words}, which is not there`)];
    }),
  );
  const ofJobs = entriesAt(model, "jobs").flatMap(([name, { value }]) =>
    entriesAt(value, "depends_on").flatMap(([other, { key }]) =>
      exists("services", other) || exists("jobs", other) || HANGS.test(other) ? [] : [missingAt(key, `the job ${quote(name)} depends on ${quote(other)}, which is not there`)],
    ),
  );
  return [...ofServices, ...ofJobs];
}

/** A name that holds a variable without a value. */
const HANGS = /\$\{?[A-Za-z_]/;

/** The first cycle that is met, told at the dependency that closes it. */
function findCycle(model: MapNode): HardenError[] {
  const services = new Map(entriesAt(model, "services"));
  const done = new Set<string>();
  for (const start of services.keys()) {
    const cycle = follow(services, start, done);
    if (cycle !== null) return [cycle];
  }
  return [];
}

/** Depth first without recursion: a chain may be as long as a project has services. */
function follow(services: ReadonlyMap<string, Entry>, start: string, done: Set<string>): HardenError | null {
  const path: { name: string; rest: Iterator<readonly [string, Entry]> }[] = [];
  const active = new Set<string>();
  const enter = (name: string): void => {
    active.add(name);
    path.push({ name, rest: entriesAt(services.get(name)?.value, "depends_on")[Symbol.iterator]() });
  };
  if (!done.has(start)) enter(start);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const { value: next, done: ended } = top.rest.next() as IteratorResult<readonly [string, Entry], undefined>;
    if (ended === true) {
      active.delete(top.name);
      done.add(top.name);
      path.pop();
    } else if (active.has(next[0])) {
      const names = [...path.map(({ name }) => name).slice(path.findIndex(({ name }) => name === next[0])), next[0]];
      return faultAt(next[1].key, `the services depend on each other: ${names.join(" → ")}`);
    } else if (!done.has(next[0]) && services.has(next[0])) enter(next[0]);
  }
  return null;
}
